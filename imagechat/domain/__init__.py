"""What the studio speaks of: requests, models, jobs, visitors, records. Values without I/O."""
