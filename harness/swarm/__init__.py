"""The load engine: participants on one asyncio loop. Knows nothing of Locust or gevent."""
