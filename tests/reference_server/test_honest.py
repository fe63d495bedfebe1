"""The honest parts of a dialect are the contract's, or differ where it says so."""

import json

from reference_server.choice import chosen
from reference_server.honest import parts_of
from reference_server.inbound import Refusal
from reference_server.outgoing import Output, encode, refused
from reference_server.parts import Parts
from reference_server.url_hall import UrlHall
from schemas.messages import encode as encode_message
from schemas.messages import image, receipt
from schemas.modes import Binding, ReadReceipt, Tier
from schemas.words import MessageType, MsgStatus

LOGIN = Output(MsgStatus.LOGIN, result=True)


def test_the_contract_s_own_parts_are_the_defaults():
    parts = parts_of(chosen({}))
    assert (parts.hall, parts.encode) == (Parts().hall, encode)


def test_the_judge_knows_the_dialect():
    without_receipts = parts_of(chosen({"read_receipt": ReadReceipt.FLAG})).judge
    assert isinstance(without_receipts(encode_message(receipt()).decode()), Refusal)
    types = (MessageType.TEXT, MessageType.STAFF)
    without_images = parts_of(chosen({"types": types})).judge
    assert isinstance(without_images(encode_message(image("/a")).decode()), Refusal)


def test_a_binding_by_url_has_a_hall_of_its_own():
    assert parts_of(chosen({"binding": Binding.URL})).hall is UrlHall


def test_frames_of_the_literal_tier_keep_types_alone():
    encode_it = parts_of(chosen({"tier": Tier.LITERAL})).encode
    assert json.loads(encode_it(LOGIN)) | {"msg": None} == {
        "MsgStatus": "Login",
        "Result": True,
        "msg": None,
        "Error": "OK",
        "NoReadQty": 0,
    }
    assert json.loads(encode_it(refused("no")))["Error"] == "no"


def test_errors_name_a_place_when_they_are_not_to_be_clean():
    encode_it = parts_of(chosen({"clean_errors": False, "tier": Tier.LITERAL})).encode
    assert json.loads(encode_it(refused("no")))["Error"].endswith("reference_server/hall.py]")
    assert json.loads(encode_it(LOGIN))["Error"] == "OK"
