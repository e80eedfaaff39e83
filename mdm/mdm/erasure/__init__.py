"""Removes a person from every store of the hub; that it was done, by whom and when, stays."""

from mdm.erasure.again import Again, erased_again
from mdm.erasure.cleaning import clean
from mdm.erasure.erasing import Erased, erase
from mdm.erasure.subject import Subject, subject_of

__all__ = ["Again", "Erased", "Subject", "clean", "erase", "erased_again", "subject_of"]
