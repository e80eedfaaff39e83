"use strict";

// The examples open as tabs on the first visit; GraphiQL then keeps the tabs of each visitor in the browser.
const place = document.getElementById("graphiql");
const own = new URL(window.location.pathname, window.location.origin);
const socket = new URL(own);
socket.protocol = own.protocol === "https:" ? "wss:" : "ws:";
const examples = JSON.parse(place.dataset.examples);

ReactDOM.createRoot(place).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: own.pathname, subscriptionUrl: socket.href }),
    plugins: [GraphiQLPluginExplorer.explorerPlugin()],
    defaultTabs: examples.map((query) => ({ query })),
    defaultEditorToolsVisibility: false,
    shouldPersistHeaders: false,
    inputValueDeprecation: true,
  }),
);
