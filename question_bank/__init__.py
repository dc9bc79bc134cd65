"""The question bank: what a question is, how papers are drawn and marked, how questions are read and written."""

from question_bank.blueprint import Blueprint, MinimumShare, Stratum
from question_bank.errors import QuestionBankError
from question_bank.feasibility import Feasibility, feasibility
from question_bank.kinds import KINDS
from question_bank.marking import Mark, Result, mark, mark_paper, passed
from question_bank.papers import Paper, assemble, candidate_view
from question_bank.pool import Pool
from question_bank.questions import Option, Question

__all__ = [
    "KINDS",
    "Blueprint",
    "Feasibility",
    "Mark",
    "MinimumShare",
    "Option",
    "Paper",
    "Pool",
    "Question",
    "QuestionBankError",
    "Result",
    "Stratum",
    "assemble",
    "candidate_view",
    "feasibility",
    "mark",
    "mark_paper",
    "passed",
]
