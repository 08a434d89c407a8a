"""Hand-over sheets and misroutings: what is read and shown; writes are in `actions.handovers`."""
