"""Help pages of ASP.NET Web API: read, drawn, turned into literal schemas, compared.

    text_form, html_form → blocks → model ← html_drawing
                                     ↓
                   prose, samples → outline → derivation, drift

``page.txt`` is this project's own rendering of the contract in that form; the literal schemas of
:mod:`schemas.registry` are what ``chatsocket schema derive`` makes of it. Nothing here does I/O
beyond reading that file.
"""
