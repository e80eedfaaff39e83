"""The store: tables, the engine of the database, migrations. No rule lives here."""
