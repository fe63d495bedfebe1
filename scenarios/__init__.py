"""Everything that knows Locust: users as slots, options, and the conducting of a swarm."""
