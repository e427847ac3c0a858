"""Django projects as a source of schemas: settings, migrations, connections, and what the models know of their rows."""
