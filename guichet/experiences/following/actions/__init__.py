"""What authors and visitors do after the publication."""

from guichet.experiences.following.actions.gestures import record_gesture
from guichet.experiences.following.actions.leaving import erase_author, withdraw
from guichet.experiences.following.actions.reaching import (
    ask_new_address,
    confirm_new_address,
    renew_link,
    set_news,
)
from guichet.experiences.following.actions.removing import remove_reply
from guichet.experiences.following.actions.reports import report_content, settle_content_report
from guichet.experiences.following.actions.saying import (
    Change,
    add_second_word,
    answer_promise,
    judge_reply,
    say_solved,
)
from guichet.experiences.following.actions.subscriptions import (
    SUBSCRIPTION_GONE,
    ask_subscription,
    confirm_subscription,
    end_subscription,
)

__all__ = [
    "SUBSCRIPTION_GONE",
    "Change",
    "add_second_word",
    "answer_promise",
    "ask_new_address",
    "ask_subscription",
    "confirm_new_address",
    "confirm_subscription",
    "end_subscription",
    "erase_author",
    "judge_reply",
    "record_gesture",
    "remove_reply",
    "renew_link",
    "report_content",
    "say_solved",
    "set_news",
    "settle_content_report",
    "withdraw",
]
