"""Jobs: who does what now. On PGQueuer, in memory for one process."""
