"""The core: one model of the conversation, used to judge, to load and to gate.

Never imports locust, which patches the whole process.
"""
