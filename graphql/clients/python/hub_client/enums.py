from enum import Enum


class EntityType(str, Enum):
    LEGAL_ENTITY = "LEGAL_ENTITY"
    COST_CENTER = "COST_CENTER"
    CLIENT = "CLIENT"
    WORKER = "WORKER"
    ENGAGEMENT = "ENGAGEMENT"
    PROJECT = "PROJECT"
    ASSIGNMENT = "ASSIGNMENT"
    RATE = "RATE"


class Grade(str, Enum):
    MATCH = "MATCH"
    POSSIBLE = "POSSIBLE"
    WEAK = "WEAK"


class RefusalCode(str, Enum):
    NOT_FOUND = "NOT_FOUND"
    BAD_REQUEST = "BAD_REQUEST"
    FORBIDDEN = "FORBIDDEN"
    REFUSED = "REFUSED"
