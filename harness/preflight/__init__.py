"""What a machine must have before a load starts on it, and whether it has it.

The reckoning is pure (:mod:`harness.preflight.needs`, :mod:`harness.preflight.sources`); only
:mod:`harness.preflight.machine` looks at this machine.
"""
