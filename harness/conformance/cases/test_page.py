"""The server's own help page against the contract (all of the page; recorded, never judged)."""

from harness.conformance.conditions import is_set
from harness.conformance.spec import case
from harness.conformance.stops import Blocked, Inconclusive, broken
from harness.errors import HarnessError, TargetUnavailable
from harness.page_source import as_usage_error, load_page, page_address
from harness.target import Profile
from schemas.help_page.comparison import compare
from schemas.help_page.drift import DriftClass
from schemas.help_page.shipped import shipped_page


@case("help-page-unchanged", when=(is_set("page"),))
def test_help_page_says_the_contract(profile: Profile) -> None:
    """The help page that the profile names has not drifted from the contract."""
    address = page_address(profile.page, profile.url)
    try:
        with as_usage_error(address):
            changes = compare(shipped_page(), load_page(address))
    except TargetUnavailable as error:
        raise Blocked(str(error)) from None
    except HarnessError as error:
        raise Inconclusive(str(error)) from None
    drift = [str(each) for each in changes if each.drift is not DriftClass.COSMETIC]
    if drift:
        raise broken("help-page-unchanged", "the contract as shipped", "; ".join(drift))
