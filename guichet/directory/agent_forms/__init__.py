"""What agents fill in, one module a page. Each reads and says how to mend; none writes."""
