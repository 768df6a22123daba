"""Consistent numbers for the tables of the four forms: every printed identity holds."""

from __future__ import annotations

import random
from typing import Any

from tests.golden.sample.maker.grids import fields_of


def split(rng: random.Random, total: int, parts: int, weights: list[int] | None = None) -> list[int]:
    out = [0] * parts
    if total > 5000:
        chosen = weights or [1] * parts
        out = [total * w // sum(chosen) for w in chosen]
        out[0] += total - sum(out)
        return out
    for who in rng.choices(range(parts), weights, k=total):
        out[who] += 1
    return out


def matrix(rng: random.Random, form: str, new: int, carried: int, left: int) -> dict[str, list[int]]:
    """Rows of the requests matrix by field, six applicants each; the maker adds totals and what is left."""
    order = fields_of(form, "t3")
    people = [80, 12, 1, 0, 3, 4]
    incoming = split(rng, new, 6, people)
    before = split(rng, carried, 6, people)
    rows = {order[0]: incoming, order[1]: before}
    outcome_rows = order[2:-2]
    weights = [30, 6, 1, 1, 1, 3, 3, 4, 4, 4, 22, 6, 3, 5, 3, 1, 1, 2] + [2] * (len(outcome_rows) - 18)
    stay = left
    for row in outcome_rows:
        rows[row] = [0] * 6
    for column in range(6):
        here = incoming[column] + before[column]
        keep = min(stay, here)
        stay -= keep
        for row, count in zip(outcome_rows, split(rng, here - keep, len(outcome_rows), weights), strict=True):
            rows[row][column] = count
    return rows


def reviews(rng: random.Random, review: int, direct: int, after: int) -> list[int]:
    out: list[int] = []
    for total in (review, direct, after):
        parts = split(rng, total, 4, [60, 12, 10, 18])
        out += [*parts, total]
    return out


def article_2021(rng: random.Random, scale: int, rules: bool) -> dict[str, Any]:
    issued, repealed = rng.randint(0, 6 * scale), rng.randint(0, 3 * scale)
    return {
        "rules_issued": rng.randint(0, 3) if rules else 0, "rules_repealed": rng.randint(0, 2) if rules else 0,
        "rules_in_force": rng.randint(6, 60) if rules else 0, "normative_docs_issued": issued,
        "normative_docs_repealed": repealed, "normative_docs_in_force": rng.randint(10, 60) * scale,
        "licences_decisions": rng.randint(10, 4000) * scale, "penalties_decisions": rng.randint(5, 900) * scale,
        "compulsory_measures_decisions": rng.randint(0, 60) * scale,
        "admin_fees_amount": round(rng.uniform(3, 2500) * scale, rng.choice([0, 1, 2, 4])) if scale > 1 else 0,
    }  # fmt: skip


def article_2019(rng: random.Random, scale: int, rules: bool) -> dict[str, Any]:
    made = rng.randint(1, 9) * scale
    out: dict[str, Any] = {
        "rules_newly_made": rng.randint(0, 3) if rules else 0, "rules_newly_published": 0,
        "rules_published_total": rng.randint(5, 40) if rules else 0, "normative_docs_newly_made": made,
        "normative_docs_newly_published": made, "normative_docs_published_total": made + rng.randint(5, 60) * scale,
    }  # fmt: skip
    for stem in ("licences", "other_external_services", "penalties", "compulsory_measures"):
        out[f"{stem}_items_previous_year"] = rng.randint(0, 140) * scale
        out[f"{stem}_items_change"] = rng.choice([0, 0, rng.randint(-9, 20)])
        out[f"{stem}_decisions"] = rng.randint(0, 900) * scale
    out |= {"admin_fees_items_previous_year": rng.randint(0, 30), "admin_fees_items_change": rng.choice([0, 0, -1, 2])}
    out |= {"central_procurement_projects": rng.randint(0, 60) * scale}
    out["central_procurement_amount"] = round(rng.uniform(1000, 90000) * scale * 10, 2)
    return out


def statistics_2014(rng: random.Random, scale: int) -> dict[str, Any]:
    f = dict.fromkeys(fields_of("F2014", "t2014"), 0)
    channels = [
        rng.randint(0, 30),
        rng.randint(200, 2500),
        rng.randint(0, 400),
        rng.randint(0, 500),
        rng.randint(0, 90),
    ]
    names = ["gazette", "website", "weibo", "wechat", "other"]
    f |= {f"info_via_{n}": c * scale for n, c in zip(names, channels, strict=True)}
    f["info_disclosed_total"] = f["info_via_website"] + rng.randint(0, sum(channels) * scale - f["info_via_website"])
    f["normative_docs_issued"] = rng.randint(1, 8) * scale
    f["normative_docs_disclosed"] = rng.randint(0, f["normative_docs_issued"])
    f["hot_topics_responded"], f["press_conferences_total"] = rng.randint(0, 12) * scale, rng.randint(0, 4) * scale
    f["press_conferences_by_head"] = rng.randint(0, f["press_conferences_total"])
    f["online_interviews"] = rng.randint(0, 4) * scale
    f["online_interviews_by_head"] = rng.randint(0, f["online_interviews"])
    f["policy_interpretations_published"] = rng.randint(3, 30) * scale
    f["responses_via_weibo_wechat"], f["responses_via_other"] = rng.randint(0, 40), rng.randint(0, 12)
    total = rng.randint(0, 20) * scale
    parts = split(rng, total, 4, [3, 1, 8, 5])
    by = ["in_person", "fax", "network", "letter"]
    f |= {f"requests_by_{n}": c for n, c in zip(by, parts, strict=True)}
    done = max(0, total - rng.randint(0, 2))
    late = rng.randint(0, done // 6)
    f |= {"requests_received_total": total, "requests_concluded_total": done, "requests_concluded_on_time": done - late}
    f["requests_concluded_extended"] = late
    f["replies_total"] = done
    rows = split(rng, done, 8, [6, 12, 2, 4, 4, 4, 2, 2])
    kinds = ["already_public", "disclosed_full", "disclosed_partial", "refused_total", "not_this_agency", "info_not_exist",
             "amend_supplement", "other_channel"]  # fmt: skip
    f |= {f"reply_{n}": c for n, c in zip(kinds, rows, strict=True)}
    grounds = [
        "state_secret",
        "trade_secret",
        "personal_privacy",
        "security_stability",
        "not_government_info",
        "other_legal",
    ]
    f |= {f"refused_{n}": c for n, c in zip(grounds, split(rng, rows[3], 6, [1, 2, 3, 1, 4, 2]), strict=True)}
    for what in ("review", "litigation"):
        parts = [rng.randint(0, scale), rng.choice([0, 0, 1]), rng.choice([0, 0, 1])]
        f |= {f"{what}_{n}": c for n, c in zip(("upheld", "corrected", "other"), parts, strict=True)}
        f[f"{what}_total"] = sum(parts)
    f["foi_fees_collected"] = rng.choice([0, 0, 0.02, 0.13])
    f["foi_units"], f["reading_points"] = rng.randint(1, 20), rng.randint(1, 30)
    f["foi_staff_full_time"], f["foi_staff_part_time"] = rng.randint(1, 9) * scale, rng.randint(2, 30) * scale
    f["foi_staff_total"] = f["foi_staff_full_time"] + f["foi_staff_part_time"]
    f["foi_budget"] = rng.choice([0, 5, 12.5, 38])
    f |= {
        "foi_meetings": rng.randint(1, 12),
        "training_sessions": rng.randint(1, 9),
        "persons_trained": rng.randint(40, 900),
    }
    return f


def shanghai(rng: random.Random, total: int) -> dict[str, Any]:
    f = dict.fromkeys(fields_of("F2008", "sh"), 0)
    asked = rng.randint(3, 60)
    ways = split(rng, asked, 6, [8, 1, 2, 10, 5, 0])
    f |= dict(zip(fields_of("F2008", "sh")[10:16], ways, strict=True))
    answered = max(0, asked - rng.randint(0, 2))
    full, partial, refused = split(rng, answered, 3, [8, 1, 3])
    grounds = split(rng, refused, 11, [2, 4, 4, 2, 1, 1, 2, 1, 1, 0, 1])
    f |= dict(zip(fields_of("F2008", "sh")[20:31], grounds, strict=True))
    f |= {
        "info_disclosed_total": total, "info_full_text_electronic": total - rng.randint(0, 90),
        "normative_docs_new": rng.randint(2, 40), "service_info_total": rng.randint(30, 600),
        "web_column_visits": rng.randint(9000, 400000), "visitors_received": rng.randint(20, 900),
        "consultations_online": rng.randint(20, 900), "consultations_phone": rng.randint(50, 2900),
        "on_request_catalogue_items": rng.randint(0, 300), "requests_received_total": asked, "replies_total": answered,
        "reply_disclosed_full": full, "reply_disclosed_partial": partial, "reply_refused_total": refused,
        "review_total": rng.randint(0, 3), "litigation_total": rng.randint(0, 2), "appeals_total": 0,
    }  # fmt: skip
    return f


def agree(page: dict[str, Any], figures: list[list[Any]], rng: random.Random) -> None:
    """Make the table of a report say what its sentences say; parts follow their totals."""
    said = {f[0]: f[1] for f in figures}
    if "t2014" in page:
        _agree_2014(page["t2014"], said, rng)
    if "sh" in page:
        _agree_shanghai(page["sh"], said, rng)


def _spread(
    f: dict[str, Any], said: dict[str, Any], total: int, fields: list[str], weights: list[int], rng: random.Random
) -> None:
    """Parts that add up to the total, those said in words as said."""
    fixed = {n: said[n] for n in fields if n in said}
    free = [n for n in fields if n not in said]
    rest = total - sum(fixed.values())
    if rest < 0 or (rest and not free):
        raise ValueError(f"parts do not fit: {fields} {fixed} {total}")
    f |= fixed
    if free:
        f |= dict(zip(free, split(rng, rest, len(free), [weights[fields.index(n)] for n in free]), strict=True))


def _agree_2014(f: dict[str, Any], said: dict[str, Any], rng: random.Random) -> None:
    for name in f:
        if name in said and name != "foi_fees_collected":
            f[name] = said[name]
    if "info_disclosed_total" in said and "info_via_website" not in said:
        f["info_via_website"] = said["info_disclosed_total"]
    if "foi_fees_collected" in said:
        f["foi_fees_collected"] = said["foi_fees_collected"] / 10000
    f["press_conferences_by_head"] = min(f["press_conferences_by_head"], f["press_conferences_total"])
    f["online_interviews_by_head"] = min(f["online_interviews_by_head"], f["online_interviews"])
    f["normative_docs_disclosed"] = min(f["normative_docs_disclosed"], f["normative_docs_issued"])
    total = said.get("requests_received_new", f["requests_received_total"])
    f["requests_received_total"] = total
    ways = ["requests_by_in_person", "requests_by_fax", "requests_by_network", "requests_by_letter"]
    _spread(f, said, total, ways, [3, 1, 8, 5], rng)
    late = said.get("requests_concluded_extended", 0)
    done = said.get("outcomes_total", said.get("requests_concluded_on_time", total - late) + late)
    f |= {"requests_concluded_total": done, "replies_total": done, "requests_concluded_extended": late}
    f["requests_concluded_on_time"] = done - late
    alias = {"outcome_disclosed_full": "reply_disclosed_full", "outcome_disclosed_partial": "reply_disclosed_partial",
             "refused_total": "reply_refused_total", "unable_not_held": "reply_info_not_exist"}  # fmt: skip
    named = {alias.get(k, k): v for k, v in said.items()}
    if "unable_not_held" in said:
        named["reply_not_this_agency"] = 0
    rows = ["reply_already_public", "reply_disclosed_full", "reply_disclosed_partial", "reply_refused_total",
            "reply_not_this_agency", "reply_info_not_exist", "reply_amend_supplement", "reply_other_channel"]  # fmt: skip
    _spread(f, named, done, rows, [6, 12, 2, 4, 4, 4, 2, 2], rng)
    grounds = [
        "state_secret",
        "trade_secret",
        "personal_privacy",
        "security_stability",
        "not_government_info",
        "other_legal",
    ]
    _spread(f, {}, f["reply_refused_total"], [f"refused_{g}" for g in grounds], [1, 2, 3, 1, 4, 2], rng)
    for what in ("review", "litigation"):
        total = said.get(f"{what}_total", f[f"{what}_total"])
        f[f"{what}_total"] = total
        _spread(f, said, total, [f"{what}_upheld", f"{what}_corrected", f"{what}_other"], [5, 1, 1], rng)
    if "foi_staff_total" not in said:
        f["foi_staff_total"] = f["foi_staff_full_time"] + f["foi_staff_part_time"]


def _agree_shanghai(f: dict[str, Any], said: dict[str, Any], rng: random.Random) -> None:
    for name in ("info_disclosed_total", "consultations_phone", "consultations_online", "review_total", "litigation_total",
                 "appeals_total", "visitors_received"):  # fmt: skip
        f[name] = said.get(name, f[name])
    f["info_full_text_electronic"] = f["info_disclosed_total"] - rng.randint(0, 90)
    total = said.get("requests_received_new", f["requests_received_total"])
    f["requests_received_total"] = f["replies_total"] = total
    if "requests_by_network" in said:
        said = said | {
            "requests_by_web": said["requests_by_network"],
            "requests_by_email": 0,
            "requests_by_fax": 0,
            "requests_by_other": 0,
        }
    ways = [
        "requests_by_in_person",
        "requests_by_fax",
        "requests_by_email",
        "requests_by_web",
        "requests_by_letter",
        "requests_by_other",
    ]
    _spread(f, said, total, ways, [8, 1, 2, 10, 5, 0], rng)
    alias = {"outcome_disclosed_full": "reply_disclosed_full", "outcome_disclosed_partial": "reply_disclosed_partial",
             "refused_total": "reply_refused_total"}  # fmt: skip
    named = {alias.get(k, k): v for k, v in said.items()}
    rows = ["reply_disclosed_full", "reply_disclosed_partial", "reply_refused_total"]
    if all(r in named for r in rows):
        f["replies_total"] = sum(named[r] for r in rows)
    _spread(f, named, f["replies_total"], rows, [8, 1, 3], rng)
    _spread(f, {}, f["reply_refused_total"], fields_of("F2008", "sh")[20:31], [2, 4, 4, 2, 1, 1, 2, 1, 1, 0, 1], rng)
