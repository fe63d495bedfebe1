"""Learns a target's profile: plays one short, valid conversation and writes down what it showed.

Parts: :mod:`.heard` a frame that came, :mod:`.line` one connection, :mod:`.visit` all of them and
what was said, :mod:`.notebook` what was learned and from what; the scenes (:mod:`.arrival`,
:mod:`.refusal`, :mod:`.meeting`, :mod:`.marks`, :mod:`.contents`, :mod:`.absence`, :mod:`.scope`,
:mod:`.by_post`, :mod:`.farewell`) in the order of :mod:`.course`; :mod:`.conclusions` and
:mod:`.time_patterns`, pure; :mod:`.writing` makes the file. Judges nothing: a target that does
otherwise than the contract is described, not blamed. It speaks below the session, whose reading of
the answers needs the very modes that are looked for here.
"""

from harness.learning.course import learn
from harness.learning.notebook import Lesson, Notebook
from harness.learning.writing import profile_text

__all__ = ["Lesson", "Notebook", "learn", "profile_text"]
