"""Obstacles: the words for why something does not go together, with which refusals and previews say why."""

from enum import auto

from cases.vocabulary import Word


class MergeObstacle(Word):
    """Why a case does not go into another one."""

    ITSELF = auto()
    ENDED = auto()
    MERGED = auto()
    OTHER_CUSTOMER = auto()
    OTHER_PARENT = auto()
    CYCLE = auto()
    TOO_DEEP = auto()
    TOO_MANY_CHILDREN = auto()


class UnmergeObstacle(Word):
    """Why a merge cannot be undone."""

    NO_MANIFEST = auto()
    SURVIVOR_DELETED = auto()
    SURVIVOR_MERGED = auto()
    SURVIVOR_ENDED = auto()


class Misfit(Word):
    """Why an entitlement does not fit a case."""

    DRAFT = auto()
    WAITING = auto()
    EXPIRED = auto()
    CANCELED = auto()
    OTHER_CUSTOMER = auto()
    NO_CONTACT = auto()
    OTHER_CONTACT = auto()
    NO_PRODUCT = auto()
    OTHER_PRODUCT = auto()
    OTHER_CHANNEL = auto()
    NO_TERMS_LEFT = auto()
    NO_CHANNEL_TERMS_LEFT = auto()


class Unfit(Word):
    """Why a person does not get a case that routing has for them."""

    LEFT = auto()
    AWAY = auto()
    FULL = auto()
    LACKS_SKILL = auto()
