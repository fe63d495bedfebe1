"""The honest peer: a chat server that behaves as the contract's decisions say.

Imports ``schemas`` and nothing else of this project: harness and server are two independent
witnesses of the contract and share no conversation logic.
"""
