"""The blocking transport: one connection at a time, every wait with a deadline, every byte heard.

Parts: :mod:`.dial` connects, :mod:`.stream` carries bytes, :mod:`.opening` shakes hands,
:mod:`.channel` speaks frames, :mod:`.participant` speaks chat, :mod:`.exchange` asks plain HTTP and
:mod:`.transcript` writes it all down. Knows no test case.
"""
