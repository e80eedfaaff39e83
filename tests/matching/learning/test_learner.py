from __future__ import annotations

import pytest

from mdm_matching import LabelError, Learner, evaluate, match
from mdm_matching.semantics import FamilyName, GivenName

NAMES = {"given_name": GivenName(), "family_name": FamilyName()}


def answered(people, rounds, *, count=5):
    learner = Learner(people.columns)
    asked = []
    for _ in range(rounds):
        for question in learner.questions(count):
            asked.append(question)
            same = people.truth[question.left] == people.truth[question.right]
            learner.answer(question.left, question.right, same=same)
    return learner, asked


@pytest.fixture(scope="module")
def taught_by_forty(people):
    return answered(people, 8)


def test_without_answers_a_learner_says_what_match_says(people):
    assert Learner(people.columns).result().labels.tolist() == match(people.columns).labels.tolist()


def test_forty_answers_make_clusters_much_better(people, taught_by_forty):
    learner, _ = taught_by_forty
    before = evaluate(match(people.columns).labels, people.truth).f1
    after = evaluate(learner.result().labels, people.truth).f1

    assert 1 - after < 0.7 * (1 - before)


def test_no_pair_is_asked_twice_and_no_cluster_twice_in_a_round(taught_by_forty):
    learner, asked = taught_by_forty
    assert len({(q.left, q.right) for q in asked}) == len(asked) == len(learner.labels)
    for begin in range(0, len(asked), 5):
        rows = [row for q in asked[begin : begin + 5] for row in (q.left, q.right)]
        assert len(set(rows)) == len(rows)


def test_questions_come_with_their_value_the_best_first(people):
    values = [question.value for question in Learner(people.columns).questions(10)]

    assert values == sorted(values, reverse=True)
    assert values[-1] > 0


def test_a_question_about_two_large_clusters_is_worth_more_than_one_about_two_records():
    trio = {"given_name": ["Mara"] * 3 + ["Maria"] * 3, "family_name": ["Lindqvist"] * 6}
    duo = {"given_name": ["Odo", "Oda"], "family_name": ["Ostrowski"] * 2}
    columns = {name: [*trio[name], *duo[name]] for name in trio}
    asked = Learner(columns, semantics=NAMES).questions(9)

    assert columns["family_name"][asked[0].left] == "Lindqvist"
    assert "pairs of records" in asked[0].why


def test_the_order_of_the_rows_changes_neither_questions_nor_result(people, taught_by_forty):
    _, asked = taught_by_forty
    shuffled, order = people.shuffled(5)
    learner, other = answered(shuffled, 8)
    contents = list(zip(*people.columns.values(), strict=True))

    def said(left, right):
        return {contents[left], contents[right]}

    assert [said(order[q.left], order[q.right]) for q in other] == [said(q.left, q.right) for q in asked]
    assert len(learner.labels) == len(asked)


def test_when_everything_is_judged_nothing_is_left_to_ask():
    learner = Learner({"given_name": ["Anna", "Anna"], "family_name": ["Ek", "Ek"]}, semantics=NAMES)
    for question in learner.questions():
        learner.answer(question.left, question.right, same=True)

    assert learner.questions() == ()


def test_an_answer_about_one_row_alone_is_refused(people):
    with pytest.raises(LabelError):
        Learner(people.columns).answer(4, 4, same=True)
