"""Which test answers each number of the catalogue of bad inputs, as far as it concerns Discord."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
HERE, ALL = "adapters/discord/", "test_bad_inputs.py"

TABLE = {
    20: [HERE + "test_listen.py::test_hostile_answers_stay_inert"],
    25: [HERE + "test_bad_presses.py::test_a_control_forged_with_another_tenants_names_reaches_only_the_own_channel"],
    26: [
        HERE + "test_wherever.py::test_every_kind_of_channel_can_be_subscribed_and_asked_in",
        HERE + "test_wherever.py::test_in_a_direct_message_one_asks_and_follows_but_manages_nothing",
        HERE + "test_places.py::test_a_subscription_can_live_in_a_thread",
    ],
    28: [HERE + "test_bad_presses.py::test_thirty_commands_in_a_moment_are_all_answered_and_most_are_told_to_wait"],
    29: [HERE + "test_render.py::test_nothing_in_a_title_can_ping_link_or_format"],
    30: [HERE + "test_render.py::test_nothing_in_a_title_can_ping_link_or_format"],
    31: [HERE + "test_render.py::test_a_title_that_would_break_its_link_stands_beside_it"],
    32: [HERE + "test_render.py::test_only_what_would_act_is_escaped"],
    33: [HERE + "test_render.py::test_no_page_holds_more_than_discord_takes"],
    34: [HERE + "test_render.py::test_a_card_without_title_author_or_address_is_still_a_card"],
    35: ["rules/test_text.py::test_marks_piled_on_one_letter_are_capped"],
    36: ["rules/test_text.py::test_text_is_tidied_at_the_border"],
    37: ["rules/test_text.py::test_entities_are_decoded_once_and_only_where_asked"],
    38: [HERE + "test_render.py::test_discord_takes_a_hostile_title_everywhere"],
    39: ["rules/test_text.py::test_hostile_titles_take_no_time"],
    40: [HERE + "test_render.py::test_an_address_that_is_not_plain_http_is_no_link"],
    41: [ALL + "::test_41_what_is_no_arxiv_id_is_none"],
    42: [ALL + "::test_42_one_paper_as_two_versions_from_two_sources_alerts_once"],
    43: [ALL + "::test_43_an_impossible_date_hurts_nobody"],
    44: [ALL + "::test_44_a_homoglyph_author_is_another_text"],
    61: [HERE + "test_http.py::test_a_missing_or_wrong_signature_is_turned_away_and_leaves_nothing_behind"],
    62: [HERE + "test_http.py::test_a_request_signed_long_ago_or_ahead_is_turned_away"],
    63: [HERE + "test_http.py::test_a_missing_or_wrong_signature_is_turned_away_and_leaves_nothing_behind"],
    64: [HERE + "test_http.py::test_a_recorded_request_sent_again_has_no_second_effect"],
    66: [
        HERE + "test_bad_presses.py::test_an_interaction_delivered_twice_subscribes_once",
        HERE + "test_bad_presses.py::test_an_interaction_seen_by_two_processes_subscribes_once",
    ],
    67: [HERE + "test_http.py::test_what_is_signed_but_unreadable_is_a_bad_request_and_no_failure"],
    68: [
        HERE + "test_http.py::test_an_interaction_of_a_kind_yet_unknown_is_taken_and_left_alone",
        HERE + "test_http.py::test_a_server_never_heard_of_is_answered_like_any_other",
        HERE + "test_gateway.py::test_an_event_in_no_known_form_costs_no_login",
    ],
    69: [
        HERE + "test_bad_presses.py::test_a_button_pressed_90_days_later_still_answers",
        HERE + "test_bad_presses.py::test_a_button_for_a_deleted_subscription_says_there_is_none",
        HERE + "test_bad_presses.py::test_another_persons_button_gives_nobody_more_rights",
    ],
    70: [HERE + "test_bad_presses.py::test_a_control_forged_with_another_tenants_names_reaches_only_the_own_channel"],
    73: [HERE + "test_http.py::test_discord_may_set_the_address_because_pings_are_answered_and_forgeries_are_not"],
    74: [
        HERE + "test_http.py::test_a_body_of_10_megabytes_is_refused_unread",
        HERE + "test_http.py::test_a_form_with_ten_thousand_fields_is_refused",
    ],
    75: [HERE + "test_comings.py::test_events_in_any_order_end_where_things_are"],
    76: [HERE + "test_gateway.py::test_what_is_said_in_a_channel_is_heard_by_nobody"],
}  # fmt: skip
"""Numbers 1 to 25 and 27 stand in ALL for every platform, 45 to 60 are about sources, 77 to 82 about the
configuration; 65, 71 and 72 are about Slack alone: its retries, and installing by OAuth."""

ELSEWHERE = {65, 71, 72}


def test_every_number_that_concerns_discord_has_a_test():
    numbers = {20, 25, 26, *range(28, 45), *range(61, 77)}
    assert set(TABLE) == numbers - ELSEWHERE


@pytest.mark.parametrize("number", TABLE)
def test_the_test_of_each_number_is_there(number):
    for name in TABLE[number]:
        file, _, test = name.partition("::")
        code = (TESTS / file).read_text(encoding="utf-8")
        assert re.search(rf"def {test}\b", code), name
