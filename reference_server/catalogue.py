"""What the shop knows (D16): products, orders and the places of some accounts.

Data and look-ups only; the same numbers mean the same things in every run.
"""

from typing import Final
from zlib import crc32

from reference_server.outgoing import Info, Place
from schemas.account_tokens import Identity
from schemas.words import Role, TitleType

_GOODS = (
    "Oolong tea",
    "Rain boots",
    "Desk lamp",
    "Travel mug",
    "Bamboo tray",
    "雙層蒸籠",
    "帆布背包",
)
_SHELF = ("on sale", "sold out", "pre-order")
_PROGRESS = ("paid", "packed", "shipped", "delivered", "returned")

PRODUCTS: Final = {
    f"P-{n}": Info(f"{_GOODS[n % len(_GOODS)]} {n}", _SHELF[n % len(_SHELF)], f"{n * 7 % 3000}.00")
    for n in range(1001, 2000)
}
ORDERS: Final = {
    f"O-{n}": Info(f"Order {n}", _PROGRESS[n % len(_PROGRESS)], f"{n * 13 % 9000}.50")
    for n in range(5001, 6000)
}
_SHELVES: Final = {TitleType.PRO: PRODUCTS, TitleType.ORDER: ORDERS}

_PLACES: Final = (
    Place("臺北市信義區市府路1號", 25.0375, 121.5637),
    Place("高雄市苓雅區四維三路2號", 22.6203, 120.3120),
    Place("臺中市西屯區臺灣大道三段99號", 24.1618, 120.6469),
    Place("1 Harbour Road, Wellington", -41.2865, 174.7762),
)


def is_unknown(titletype: str | None, number: str) -> bool:
    """Whether ``number`` should be in the catalogue and is not; free topics never are unknown."""
    shelf = _SHELVES.get(titletype)  # type: ignore[call-overload]
    return shelf is not None and number not in shelf


def info_of(titletype: str | None, number: str) -> Info | None:
    """What the catalogue says of a product or order number, None for every other topic."""
    shelf = _SHELVES.get(titletype)  # type: ignore[call-overload]
    return shelf.get(number) if shelf is not None else None


def place_of(sender: Identity) -> Place | None:
    """Where the account is known to be: staff are in a shop, one customer in five may be anywhere.

    So every conversation shows a place.
    """
    choice = (*_PLACES, None) if sender.role is Role.CUSTOMER else _PLACES
    return choice[crc32(sender.sn.encode("utf-8", "surrogatepass")) % len(choice)]
