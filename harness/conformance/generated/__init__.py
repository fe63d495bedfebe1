"""Cases that make up what they send: frames, wrong frames and whole plays, found by hypothesis.

What is generated is a value; :mod:`.trial` tries it on the server, shrinks what fails, and holds a
failure against the server only when it comes again.
"""
