"""How Alembic runs our revisions: on the connection that `bot.store.schema` hands it, in its transaction.

It leaves logging alone, and it is run by Alembic only, never imported.
"""

from alembic import context

from bot.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
