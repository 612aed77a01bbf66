"""Health and metrics over HTTP, only if switched on."""
