"""A listed fault survives its way through JSON."""

import msgspec

from schemas.fault_listing import FoundBy, ListedFault


def test_what_is_listed_is_read_again():
    fault = ListedFault(
        name="loss",
        chapter="chance",
        intent="A share of the deliveries never arrives.",
        clauses=("delivery-stored",),
        found_by=FoundBy.LOAD,
        moves=("lost",),
        takes="a share",
        default="0.01",
    )
    assert msgspec.json.decode(msgspec.json.encode(fault), type=ListedFault) == fault
