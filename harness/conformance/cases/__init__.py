"""The cases, one file a group. What each may use: the fixtures of the conductor."""
