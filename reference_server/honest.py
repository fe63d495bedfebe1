"""The honest parts of a server, as its dialect has them. Deviations are bent out of these."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from reference_server.dialect import Dialect
from reference_server.hall import Hall
from reference_server.inbound import judge
from reference_server.outgoing import Output, encode
from reference_server.parts import Parts
from reference_server.url_hall import UrlHall
from schemas.modes import Binding, Tier


def parts_of(dialect: Dialect) -> Parts:
    """What a server of this dialect is put together from."""
    return Parts(
        judge=partial(judge, dialect=dialect),
        hall=UrlHall if dialect.binding is Binding.URL else Hall,
        encode=_encoder_of(dialect),
    )


def _encoder_of(dialect: Dialect) -> Callable[[Output], bytes]:
    changes = [
        *([] if dialect.clean_errors else [_tell_the_place]),
        *([] if dialect.tier is Tier.STRICT else [_keep_types_alone]),
    ]
    if not changes:
        return encode

    def encode_changed(output: Output) -> bytes:
        for change in changes:
            output = change(output)
        return encode(output)

    return encode_changed


def _tell_the_place(output: Output) -> Output:
    """D26 the other way: the reason ends with a path of this machine."""
    if not output.error:
        return output
    return replace(output, error=f"{output.error} [{Path(__file__).with_name('hall.py')}]")


def _keep_types_alone(output: Output) -> Output:
    """D3's literal tier: each member has its type, in frames where the strict one wants none."""
    return replace(output, error=output.error or "OK", unread=output.unread or 0)
