"use strict";

// The examples open as tabs on the first visit; GraphiQL then keeps the tabs of each visitor in the browser.
const place = document.getElementById("graphiql");
const examples = JSON.parse(place.dataset.examples);

ReactDOM.createRoot(place).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: window.location.pathname }),
    plugins: [GraphiQLPluginExplorer.explorerPlugin()],
    defaultTabs: examples.map((query) => ({ query })),
    defaultEditorToolsVisibility: false,
    shouldPersistHeaders: false,
    inputValueDeprecation: true,
  }),
);
