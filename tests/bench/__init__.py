"""Measurements that anyone can run: `make bench`, or one of them: `python -m tests.bench idle`."""
