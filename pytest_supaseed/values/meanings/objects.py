"""JSON documents by the names of their columns: opening hours, addresses, settings, headers, changes, coordinates.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings`, each with the name of a shape in
:data:`SHAPES`. A shape is a text of :mod:`~pytest_supaseed.values.meanings.phrases`, a :class:`Number`, a function of
the request, a list of shapes of which one is drawn, a tuple of the least and the greatest number of elements and their
shape, or a mapping of members to shapes. Where a CHECK demands another type, or an array of some length, the values are
those of the type; members that CHECKs demand are set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from pytest_supaseed.model.identifiers import singular
from pytest_supaseed.model.type_families import is_json
from pytest_supaseed.values.meanings import contacts, people
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.endings import Endings
from pytest_supaseed.values.meanings.gazetteer import cities, countries
from pytest_supaseed.values.meanings.meaning import Ask, Derived, Meaning, Write
from pytest_supaseed.values.meanings.phones import phone_number
from pytest_supaseed.values.meanings.phrases import Phrases
from pytest_supaseed.values.meanings.places import NO_POSTCODE, any_city, city_name, drawn_postcode
from pytest_supaseed.values.meanings.streets import street
from pytest_supaseed.values.meanings.vocabulary import SLOTS
from pytest_supaseed.values.types.documents import JSON, with_members


@dataclass(frozen=True)
class Number:
    """A number of a range, with digits after the point."""

    first: float
    last: float
    digits: int = 0

    def __call__(self, ask: Ask) -> int | float:
        """Draw the number."""
        random = ask.faker.random
        if not self.digits:
            return int(random.randint(int(self.first), int(self.last)))
        return float(round(random.uniform(self.first, self.last), self.digits))


Shape = Any


def _flag(ask: Ask) -> bool:
    return bool(ask.faker.random.random() < 0.6)


@cache
def _phrases(text: str) -> Phrases:
    return Phrases(text, SLOTS)


def made(shape: Shape, ask: Ask) -> Any:
    """Draw a document of a shape."""
    if isinstance(shape, str):
        return _phrases(shape).drawn(ask.faker.random)
    if isinstance(shape, Mapping):
        return {key: made(inner, ask) for key, inner in shape.items()}
    if isinstance(shape, list):
        return made(ask.pick(shape), ask)
    if isinstance(shape, tuple):
        least, most, inner = shape
        found: list[Any] = []
        for _ in range(ask.faker.random.randint(least, most)):
            element = made(inner, ask)
            if element not in found:
                found.append(element)
        return found
    return shape(ask) if callable(shape) else shape


def _moment(ask: Ask) -> str:
    """A time within the year before the rows' reference date, as ISO 8601 writes it."""
    end = datetime.combine(ask.context.today, time(18))
    return f"{end - timedelta(minutes=ask.faker.random.randint(0, 500_000)):%Y-%m-%dT%H:%M:%SZ}"


def _day(ask: Ask) -> str:
    return _moment(ask)[:10]


def _hours(ask: Ask) -> dict[str, Any]:
    opens, closes = ask.pick(("08:00", "09:00", "10:00")), ask.pick(("17:00", "18:00", "19:00", "20:00"))
    usual = {"open": opens, "close": closes}
    found: dict[str, Any] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), usual)
    found["sat"] = ask.pick(({"open": opens, "close": "14:00"}, {"open": opens, "close": "16:00"}, None))
    return {**found, "sun": None}


def _address(ask: Ask) -> dict[str, str]:
    city = any_city(ask)
    country = countries().find("code", city[0])
    return {
        "street": street(ask, country),
        "city": city_name(ask.context.locale, city),
        "state": cities().of(city, "region_code"),
        "postal_code": drawn_postcode(cities().of(city, "zip") or NO_POSTCODE, ask),
        "country": city[0],
    }


def _position(ask: Ask) -> tuple[float, float]:
    """Longitude and latitude of a place."""
    city, around = any_city(ask), ask.faker.random.uniform
    longitude, latitude = (float(cities().of(city, name)) for name in ("longitude", "latitude"))
    return round(longitude + around(-0.05, 0.05), 6), round(latitude + around(-0.05, 0.05), 6)


def _coordinates(ask: Ask) -> dict[str, float]:
    longitude, latitude = _position(ask)
    return {"lat": latitude, "lng": longitude}


def _point(ask: Ask) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(_position(ask))}


def _moved(ask: Ask, count: int) -> list[list[float]]:
    longitude, latitude = _position(ask)
    random = ask.faker.random
    return [
        [round(longitude + random.uniform(-0.02, 0.02), 6), round(latitude + random.uniform(-0.02, 0.02), 6)]
        for _ in range(count)
    ]


def _line(ask: Ask) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": _moved(ask, ask.faker.random.randint(3, 5))}


def _polygon(ask: Ask) -> dict[str, Any]:
    west, south = _position(ask)
    east, north = round(west + 0.02, 6), round(south + 0.015, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _waypoints(ask: Ask) -> list[dict[str, float]]:
    return [{"lat": latitude, "lng": longitude} for longitude, latitude in _moved(ask, 3)]


def _contact(ask: Ask) -> dict[str, str]:
    first, last = ask.people()
    name = f"{first} {last}"
    local = people.local_part(first, last, ask.faker)
    return {
        "name": name,
        "email": people.email(local, ask.faker, None),
        "phone": phone_number(ask.context.locale, None, ask.faker.random),
    }


def _emergency(ask: Ask) -> dict[str, str]:
    found = _contact(ask)
    relation = str(ask.pick(("mother", "father", "spouse", "brother", "sister", "friend")))
    return {"name": found["name"], "relationship": relation, "phone": found["phone"]}


def _links(ask: Ask) -> dict[str, str]:
    name = ask.text_of(*contacts.company_columns(ask.context)) or " ".join(ask.people())
    handle = people.without_marks(name).replace(" ", "") or ask.hex(6)
    sites = ask.faker.random.sample(
        ("website", "instagram", "facebook", "linkedin", "youtube", "mastodon"), 3
    )
    return {site: f"https://{site}.example.com/{handle}" for site in sites}


def _items(ask: Ask) -> list[dict[str, Any]]:
    found = []
    for _ in range(ask.faker.random.randint(1, 3)):
        quantity, price = ask.faker.random.randint(1, 5), ask.faker.random.randint(5, 200) * 100 - 1
        name = made("{^quality} {product}", ask)
        found.append(
            {"description": name, "quantity": quantity, "unit_price": price, "amount": quantity * price}
        )
    return found


# What changes in rows: names of fields, with values that they have one after the other.
_CHANGED: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("status", ("draft", "pending", "active", "archived")),
    ("role", ("viewer", "editor", "admin")),
    ("plan", ("free", "pro", "business")),
    ("quantity", (1, 2, 5, 8)),
    ("price", (19.9, 24.9, 29.9)),
    ("email", ("info@example.com", "office@example.com", "hello@example.org")),
    ("name", ("Harbor", "Harbor North", "Harbor Group")),
    ("is_active", (True, False)),
    ("priority", ("low", "medium", "high")),
    ("due_date", ("2025-06-30", "2025-07-15", "2025-08-01")),
)


def _siblings(context: Context) -> tuple[str, ...]:
    """The earlier JSON columns with values before a change and after it, in this order."""
    found = {
        NAMED.find(column.words, ()): column.name
        for column in context.earlier
        if is_json(column.type) and not column.type.array
    }
    return tuple(found[shape] for shape in ("before", "after") if shape in found)


def _before(ask: Ask) -> dict[str, Any]:
    chosen = ask.faker.random.sample(_CHANGED, ask.faker.random.randint(1, 3))
    return {name: ask.pick(values) for name, values in chosen}


def _after(ask: Ask) -> dict[str, Any]:
    """The same fields as another column of the row has, with other values."""
    old = next(
        (found for name in _siblings(ask.context) if isinstance(found := ask.row.get(name), dict)), None
    )
    values = dict(_CHANGED)
    if old is None or not values.keys() >= old.keys():
        return _before(ask)
    return {name: ask.pick([value for value in values[name] if value != was]) for name, was in old.items()}


def _changes(ask: Ask) -> dict[str, Any]:
    documents = [found for name in _siblings(ask.context) if isinstance(found := ask.row.get(name), dict)]
    if len(documents) == 2 and documents[0].keys() == documents[1].keys():
        old, new = documents
    else:
        old = _before(ask)
        new = {name: ask.pick([v for v in dict(_CHANGED)[name] if v != was]) for name, was in old.items()}
    return {name: {"old": old[name], "new": new[name]} for name in old}


_CHANGES = ("before", "after", "changes")


def _person(ask: Ask) -> dict[str, str]:
    found = _contact(ask)
    return {"name": found["name"], "email": found["email"]}


def _profile(ask: Ask) -> dict[str, str]:
    first, last = ask.people()
    return {"first_name": first, "last_name": last, "language": str(ask.pick(("en", "de", "fr", "es")))}


def _place(ask: Ask) -> dict[str, Any]:
    found, (longitude, latitude) = _address(ask), _position(ask)
    return {"city": found["city"], "country": found["country"], "lat": latitude, "lng": longitude}


def _entry(about: str) -> Shape:
    """An entry of a document of which the name says nothing but what it is about."""
    return {"name": f"{{Main/First/Second/Default/Custom}} {about}", "active": _flag, "value": Number(1, 100)}


SHAPES: Mapping[str, Shape] = {
    "seats": {
        "rows": Number(12, 34),
        "layout": "3-3 | 2-4-2 | 2-2 | 3-4-3",
        "exit_rows": [[12], [10, 11], [14]],
    },
    "targets": {"include": (1, 3, "US | CA | GB | DE | FR | ES"), "exclude": (0, 1, "AU | BR")},
    "dayparts": {"mon-fri": "{07/08/09}:00-{18/20/22}:00", "sat-sun": "{09/10}:00-{16/18}:00"},
    "dependencies": {"requests": "^2.<10-32>.0", "pydantic": "^2.<0-9>.0", "pytest": ">=8.<0-3>"},
    "environment": {"NODE_ENV": "production | test", "LOG_LEVEL": "info | debug", "WORKERS": Number(1, 8)},
    "breakdown": {"base": Number(20, 300, 2), "tax": Number(2, 60, 2), "fees": Number(0, 20, 2)},
    "scores": {"quality": Number(1, 5), "speed": Number(1, 5), "service": Number(1, 5)},
    "answers": (1, 3, {"question": Number(1, 20), "answer": "yes | no | sometimes | often"}),
    "translations": {"de": "Übersicht | Start | Hilfe", "fr": "Aperçu | Accueil | Aide"},
    "history": (1, 3, {"at": _moment, "event": "created | updated | approved | closed"}),
    "fields": (
        1,
        3,
        {"name": "title | email | amount | date", "type": "text | number | date", "required": _flag},
    ),
    "box": {"x": Number(0, 800), "y": Number(0, 600), "width": Number(40, 400), "height": Number(40, 300)},
    "vector": (3, 3, Number(-1, 1, 4)),
    "plan": (2, 3, {"step": Number(1, 9), "task": "{^verb} the {part}"}),
    "hours": _hours,
    "address": _address,
    "contact": _contact,
    "contacts": (1, 2, _emergency),
    "emergency": _emergency,
    "point": [_coordinates],
    "geometry": _line,
    "polygon": _polygon,
    "geojson": _point,
    "waypoints": _waypoints,
    "links": _links,
    "items": _items,
    "before": _before,
    "after": _after,
    "changes": _changes,
    "preferences": {
        "language": "en | de | fr | es",
        "theme": "dark | light | system",
        "newsletter": _flag,
        "currency": "USD | EUR | GBP",
    },
    "notifications": {"email": _flag, "push": _flag, "sms": _flag, "digest": "daily | weekly | never"},
    "guest_preferences": {
        "floor": "high | low | any",
        "pillow": "soft | firm",
        "newspaper": _flag,
        "late_checkout": _flag,
    },
    "settings": {
        "timezone": "UTC | Europe/Berlin | America/New_York",
        "locale": "en_US | en_GB | de_DE",
        "notifications": _flag,
        "retention_days": Number(30, 365),
    },
    "game_settings": {
        "volume": Number(0, 100),
        "quality": "low | medium | high | ultra",
        "invert_y": _flag,
        "sensitivity": Number(0.2, 2, 1),
    },
    "device_config": {
        "interval_s": Number(10, 900),
        "unit": "metric | imperial",
        "led": _flag,
        "threshold": Number(10, 80),
    },
    "flags": {"new_checkout": _flag, "dark_mode": _flag, "beta_search": _flag, "exports": _flag},
    "branding": {
        "primary_color": "#<x6>",
        "logo": "https://example.com/images/logo-<x6>.png",
        "font": "Inter | Lato | Roboto",
    },
    "headers": {
        "content-type": "application/json",
        "user-agent": "curl/8.9.1 | example-client/<1-4>.<0-9> | python-httpx/0.27",
        "x-request-id": "<x8>-<x4>-4<x3>-a<x3>-<x12>",
    },
    "payload": {
        "id": "evt_<*16>",
        "type": "order.created | invoice.paid | user.updated | payment.failed",
        "created_at": _moment,
        "data": {"id": Number(100, 99999), "status": "active | pending | paid | failed"},
    },
    "response": {
        "ok": _flag,
        "code": [200, 200, 201, 400, 404],
        "message": "done | accepted | not found | try again",
    },
    "payment_response": {
        "id": "ch_<*24>",
        "status": "succeeded | failed | pending",
        "network": "visa | mastercard",
        "risk_score": Number(1, 70),
    },
    "user_metadata": {
        "full_name": "{first_name} {last_name}",
        "avatar_url": "https://example.com/images/<x8>.jpg",
    },
    "app_metadata": {"provider": "email | google | github", "providers": ["email", "google"]},
    "metadata": {"source": "web | api | import | mobile", "version": Number(1, 9), "reference": "REF-<#6>"},
    "audit_context": {
        "request_id": "req_<*14>",
        "source": "web | api | job",
        "path": "/api/{users/orders/invoices}/<10-900>",
    },
    "permissions": {"read": True, "write": _flag, "delete": _flag, "admin": _flag},
    "dimensions": {
        "length": Number(5, 80, 1),
        "width": Number(5, 60, 1),
        "height": Number(2, 50, 1),
        "unit": "cm",
    },
    "attributes": {"color": "{color}", "size": "{size}", "material": "{material}"},
    "images": (1, 3, {"url": "https://example.com/images/<x8>.jpg", "alt": "{Front/Side/Detail/Back} view"}),
    "tags": (1, 3, "important | internal | review | draft | featured | popular | new | team-a | 2025"),
    "amenities": (2, 4, "wifi | pool | parking | gym | breakfast | balcony | elevator | air conditioning"),
    "features": (
        2,
        4,
        "API access | Priority support | Custom domain | Single sign-on | Audit log | Unlimited projects",
    ),
    "checklist": (2, 3, {"item": "{^verb} the {part}", "done": _flag}),
    "inspection_checklist": (
        2,
        3,
        {"item": "Roof | Windows | Heating | Wiring | Plumbing | Smoke detectors", "ok": _flag},
    ),
    "issues": (1, 2, {"issue": "{home_defect}", "severity": "low | medium | high"}),
    "custom_fields": {
        "region": "EMEA | APAC | Americas",
        "budget": Number(1, 90),
        "segment": "new | loyal | enterprise",
    },
    "reactions": {"👍": Number(0, 9), "🎉": Number(0, 4), "❤️": Number(0, 6)},
    "rules": (
        1,
        2,
        {
            "attribute": "country | plan | email | signup_days",
            "operator": "equals | contains | greater_than",
            "value": "US | pro | example.com | 30",
        },
    ),
    "variants": (2, 2, {"key": "control | treatment | variant_b", "weight": [50, 50, 25]}),
    "retry": {
        "max_attempts": Number(3, 8),
        "backoff": "exponential | linear",
        "delay_seconds": Number(5, 60),
    },
    "conditions": (
        1,
        2,
        {"field": "temperature | humidity | co2 | light", "operator": "> | < | >=", "value": Number(10, 80)},
    ),
    "actions": (
        1,
        2,
        {"type": "notify | switch_on | switch_off | close_valve", "target": "{fan/pump/valve/lamp}-<1-24>"},
    ),
    "parameters": {"interval": Number(5, 600), "mode": "auto | manual | eco", "force": _flag},
    "specifications": {
        "weight_g": Number(50, 900),
        "power": "USB-C | 12 V DC | battery",
        "range_m": Number(10, 900),
        "ip": "IP54 | IP65 | IP67",
    },
    "parts": (1, 2, {"part": "filter | seal | battery | pump | sensor | cable", "quantity": Number(1, 4)}),
    "proof": {
        "signed_by": "{first_name} {last_name}",
        "photo": "https://example.com/images/<x8>.jpg",
        "at": _moment,
    },
    "telemetry": {
        "temperature": Number(-5, 35, 1),
        "humidity": Number(20, 80),
        "battery": Number(5, 100),
        "rssi": Number(-98, -45),
    },
    "schedule": {"mon": ["09:00-10:30", "13:00-14:30"], "wed": ["09:00-10:30", "13:00-14:30"]},
    "grading": {"A": 90, "B": 80, "C": 70, "D": 60},
    "rubric": (
        2,
        3,
        {"criterion": "Content | Structure | Language | Sources | Presentation", "points": Number(5, 30)},
    ),
    "education": (
        1,
        2,
        {
            "degree": "B.Sc. | M.A. | M.Sc. | Diploma",
            "school": "{Lakeside/Northern State/Hillcrest} University",
            "year": Number(1998, 2024),
        },
    ),
    "work_history": (
        1,
        2,
        {
            "company": "{Alder/Cedar/Harbor/Summit} {Labs/Media/Foods}",
            "title": "{role_word}",
            "from": Number(2008, 2018),
            "to": Number(2019, 2025),
        },
    ),
    "competencies": {"teamwork": Number(1, 5), "communication": Number(1, 5), "quality": Number(1, 5)},
    "questions": (
        2,
        3,
        "Why this position? | Which tools do you use? | What are you proud of? | When can you start?",
    ),
    "deductions": {"health": Number(40, 180, 2), "pension": Number(60, 400, 2), "union": Number(0, 20, 2)},
    "authors": (
        1,
        3,
        {"name": "{first_name} {last_name}", "affiliation": "{Lakeside/Northern State/Hillcrest} University"},
    ),
    "contents": (3, 5, "{^topic}"),
    "members": (
        2,
        4,
        {"name": "{first_name} {last_name}", "instrument": "guitar | bass | drums | vocals | keys | violin"},
    ),
    "setlist": (4, 6, "{song}"),
    "menu": (2, 4, {"dish": "{^dish}", "price": Number(6, 32)}),
    "room_features": {"balcony": _flag, "minibar": _flag, "view": "sea | garden | city", "smoking": False},
    "house_features": {
        "fireplace": _flag,
        "garden": _flag,
        "garage": Number(0, 2),
        "year_renovated": Number(2001, 2024),
    },
    "requirements": {"min_level": Number(1, 50), "language": "en | de | fr", "voice_chat": _flag},
    "home_requirements": {
        "bedrooms": Number(1, 5),
        "garden": _flag,
        "max_price": Number(200, 900),
        "pets": _flag,
    },
    "guarantor": _contact,
    "photos": (1, 3, "https://example.com/images/<x8>.jpg"),
    "stats": {"strength": Number(5, 60), "agility": Number(5, 60), "stamina": Number(5, 60)},
    "effects": (1, 2, {"effect": "haste | shield | burn | freeze | heal", "seconds": Number(3, 30)}),
    "equipment": {"head": "{item_adj} Helm", "main_hand": "{item_adj} Sword", "chest": "{item_adj} Cloak"},
    "appearance": {
        "hair": "black | brown | red | white",
        "eyes": "green | blue | amber",
        "height": Number(150, 200),
    },
    "emblem": {"shape": "shield | circle | star", "color": "#<x6>", "symbol": "wolf | raven | tower | flame"},
    "objectives": (
        1,
        3,
        {"task": "{Find/Bring/Defeat} {the lost sword/three trolls/<2-12> crystals}", "done": _flag},
    ),
    "rewards": {"gold": Number(10, 900), "xp": Number(50, 5000), "item": "{item_adj} {item_noun}"},
    "criteria": {"event": "win | kill | explore | craft", "count": Number(1, 100)},
    "loadout": {
        "primary": "{item_adj} Bow",
        "secondary": "{item_adj} Dagger",
        "perk": "speed | stealth | armor",
    },
    "rotation": (2, 4, "{game_place}"),
    "open_house": {"date": _day, "from": "10:00 | 11:00 | 14:00", "to": "15:00 | 16:00 | 17:00"},
    "location": [_coordinates],
    "place": _place,
    "profile": _profile,
    "persons": (1, 3, _person),
    "attempts": (1, 2, {"at": _moment, "attempt": Number(1, 5), "error": "{error}"}),
    "warnings": (
        1,
        2,
        "low disk space | slow response | deprecated option | missing translation | value was cut",
    ),
    "snapshot": {
        "status": "draft | active | paused | closed",
        "version": Number(1, 12),
        "updated_at": _moment,
    },
    "blocks": (2, 3, {"type": "paragraph | heading | quote", "text": "{post_sentence}"}),
    "text_document": {
        "type": "doc",
        "content": (1, 2, {"type": "paragraph", "text": "{post_sentence}"}),
    },
    "request": {
        "method": "GET | POST | PUT | DELETE",
        "path": "/api/v1/{users/orders/invoices/projects}/<10-9000>",
        "ip": "192.0.2.<1-254>",
    },
    "visits": {"views": Number(20, 9000), "visitors": Number(10, 4000), "conversions": Number(0, 90)},
    "metrics": {"count": Number(1, 900), "average": Number(1, 90, 2), "maximum": Number(90, 400, 2)},
    "totals": {"total": Number(100, 900), "new": Number(1, 90), "failed": Number(0, 9)},
    "remarks": (1, 2, {"author": "{first_name} {last_name}", "at": _moment, "text": "{comment}"}),
    "layout": {"columns": Number(1, 4), "sidebar": "left | right | none", "compact": _flag},
    "roles": (1, 2, "admin | editor | viewer | owner | billing"),
    "steps": (2, 3, {"name": "draft | review | approval | payment | delivery", "done": _flag}),
    "nodes": (2, 3, {"id": "n<1-24>", "label": "start | check | approve | notify | end"}),
    "edges": (1, 2, {"from": "n<1-9>", "to": "n<10-24>"}),
    "graph": {
        "nodes": (2, 3, {"id": "n<1-24>", "label": "start | check | notify | end"}),
        "edges": (1, 2, {"from": "n<1-9>", "to": "n<10-24>"}),
    },
    "limits": {"users": [5, 25, 100], "storage_gb": [10, 50, 500], "api_calls": [1000, 10000, 100000]},
    "usage": {"users": Number(1, 25), "storage_gb": Number(1, 50, 1), "api_calls": Number(20, 9000)},
    "pricing": {"amount": [900, 1900, 4900, 9900], "currency": "USD | EUR | GBP", "interval": "month | year"},
    "prices": (2, 4, {"date": _day, "price": Number(5, 200, 2)}),
    "amounts": (1, 2, {"name": "standard | service | shipping | seasonal", "amount": Number(1, 60, 2)}),
    "sums": {"subtotal": Number(20, 300, 2), "tax": Number(2, 60, 2), "total": Number(300, 400, 2)},
    "files": (
        1,
        2,
        {
            "name": "{report/invoice/photo/contract}-<#3>.{pdf/jpg/docx}",
            "size": Number(12000, 4800000),
            "url": "https://example.com/files/<x10>",
        },
    ),
    "choices": (2, 4, "Yes | No | Maybe | Not sure | Often | Rarely"),
    "capabilities": (1, 3, "read | write | export | share | sync | print"),
    "credentials": {"username": "{first_mail}.{last_mail}", "token": "tok_<*24>"},
    "device": {
        "os": "iOS 17.5 | Android 14 | macOS | Windows",
        "model": "{TH/GX/SN}-<#3>",
        "app_version": "<1-4>.<0-9>.<0-9>",
    },
    "claims": {
        "sub": "<x8>-<x4>-4<x3>-a<x3>-<x12>",
        "role": "user | admin | service",
        "exp": Number(1767000000, 1790000000),
    },
    "policy": {
        "effect": "allow | deny",
        "actions": (1, 2, "read | write | delete"),
        "resource": "{orders/invoices/users}/*",
    },
    "form": {"name": "{first_name} {last_name}", "email": "{first_mail}@example.com", "message": "{chat}"},
    "session": {"session": "sess_<*16>", "theme": "dark | light", "consent": _flag},
    "seo": {"title": "{post_title}", "description": "{post_sentence}"},
    "recurrence": {"frequency": "daily | weekly | monthly", "interval": Number(1, 3), "count": Number(4, 24)},
    "thresholds": {"warning": Number(60, 80), "critical": Number(85, 99)},
    "colors": (2, 4, "#<x6>"),
    "languages": (1, 3, "en | de | fr | es | it | nl | pl"),
    "ingredients": (2, 4, {"name": "{ingredient}", "amount": Number(1, 500), "unit": "g | ml | pcs"}),
    "nutrition": {
        "calories": Number(80, 900),
        "protein_g": Number(1, 60),
        "fat_g": Number(1, 50),
        "carbs_g": Number(2, 120),
    },
    "vitals": {
        "pulse": Number(58, 104),
        "systolic": Number(104, 142),
        "diastolic": Number(62, 89),
        "temperature": Number(36.2, 38.4, 1),
    },
    "results": (
        1,
        3,
        {"name": "{Length/Weight/pH/Temperature/Pressure}", "value": Number(1, 90, 1), "passed": _flag},
    ),
    "legs": (
        1,
        3,
        {
            "from": "{Lisbon/Oslo/Ghent/Leeds}",
            "to": "{Porto/Bergen/York/Antwerp}",
            "duration_minutes": Number(40, 400),
        },
    ),
    "bank": {
        "account_holder": "{first_name} {last_name}",
        "bank": "{Harbor/Summit/Northern} Bank",
        "last_four": "<#4>",
    },
    "approvals": (1, 2, {"by": "{first_name} {last_name}", "at": _moment, "decision": "approved | rejected"}),
    "weekdays": (2, 5, "mon | tue | wed | thu | fri"),
    "days": (1, 3, _day),
    "urls": (1, 3, "https://example.com/{articles/docs/reports}/<x8>"),
    "allergies": (1, 2, "nuts | gluten | lactose | penicillin | pollen | shellfish"),
    "consents": {"terms": True, "marketing": _flag, "accepted_at": _moment},
    "utm": {
        "source": "google | newsletter | instagram",
        "medium": "cpc | email | social",
        "campaign": "spring-<24-26> | launch",
    },
    "weather": {
        "temperature": Number(-5, 34),
        "wind_kmh": Number(0, 60),
        "condition": "sunny | cloudy | rain | snow",
    },
    "benefits": (1, 3, "health insurance | remote work | training budget | company bike | extra vacation"),
    "certificates": (
        1,
        2,
        {"name": "First Aid | ISO 9001 | CE | Forklift license", "valid_until": "202<6-9>-<10-12>-<10-28>"},
    ),
    "relations": (1, 2, {"type": "parent | child | related | duplicate", "id": Number(10, 9000)}),
}
NAMES = """
opening_hours business_hours office_hours operating_hours working_hours hours store_hours: hours
address billing_address shipping_address delivery_address home_address mailing_address postal_address
 location_address: address
location place birth_place: place
profile user_data person customer customer_data customer_info user_info user personal_data: profile
recipients participants attendees members assignees watchers reviewers passengers travelers guests people team
 collaborators cc: persons
errors failures error_log errors_json exceptions: attempts
warnings: warnings
snapshot state status: snapshot
blocks body_blocks sections page_content content_blocks: blocks
content document rich_text body_json editor_state text: text_document
request raw_request request_data: request
stats statistics analytics insights: visits
metrics measures aggregates summary_stats: metrics
counts counters linecounts line_counts tallies: totals
notes comments remarks annotations messages: remarks
layout grid dashboard view_settings: layout
roles groups user_roles: roles
steps stages tasks phases: steps
nodes vertices: nodes
edges connections: edges
graph flow diagram definition: graph
limits quota quotas entitlements plan_limits: limits
usage consumption: usage
pricing price prices_json: pricing
prices price_history rates price_list: prices
taxes fees discounts surcharges charges adjustments coupons: amounts
totals summary amounts: sums
attachments files documents uploads: files
choices options_list answer_options possible_answers: choices
capabilities supported_features functions: capabilities
credentials secrets auth auth_data oauth_data: credentials
device device_info client_info client browser_info device_data useragent_data: device
claims token_claims jwt: claims
policy policies acl access_policy: policy
form_data survey_data submission submission_data inquiry: form
cookies session_data session: session
seo meta_tags seo_meta og_tags: seo
recurrence repeat recurrence_rule: recurrence
thresholds alert_thresholds: thresholds
colors palette color_scheme: colors
languages locales spoken_languages: languages
ingredients recipe: ingredients
nutrition nutrition_facts nutritional_info macros: nutrition
vitals vital_signs: vitals
results test_results measurements_taken findings: results
legs itinerary route trips: legs
bank_details bank_account payment_details payout_details account_details: bank
approvals approvers sign_offs: approvals
weekdays days_of_week working_days active_days: weekdays
holidays dates blackout_dates excluded_dates: days
sources references citations urls links_list webhooks: urls
allergies dietary_restrictions intolerances: allergies
consents consent agreements: consents
utm utm_params tracking_params attribution: utm
weather weather_conditions forecast: weather
benefits perks: benefits
certificates certifications licenses: certificates
relations relationships related related_items: relations
props attrs additional_properties tags_map label_map details info: metadata
contact contact_info contact_details primary_contact billing_contact contact_person: contact
emergency_contact next_of_kin: emergency
emergency_contacts contacts: contacts
coordinates coords geo_location geolocation position lat_lng gps: point
location [gateway device site tracker store event vehicle]: location
geo point geojson geom centroid: geojson
geometry path_geometry track_geometry: geometry
boundary geofence polygon area service_area bounds: polygon
waypoints stops route_points: waypoints
social_links social_media socials links social: links
line_items items order_items products positions: items
old_values old_value old_data before previous_values old_record original: before
new_values new_value new_data after new_record: after
changes diff delta changed_fields changeset: changes
seat_map seating_plan seat_layout: seats
geo_targets targeting_geo target_regions countries: targets
dayparting ad_schedule availability availability_slots: dayparts
dependencies peer_dependencies: dependencies
environment env environment_variables env_vars: environment
breakdown price_breakdown fee_breakdown cost_breakdown fare_breakdown: breakdown
scores ratings_breakdown subscores: scores
answers responses survey_answers: answers
translations i_18_n localized_names names: translations
history timeline events status_history: history
fields form_fields columns schema field_definitions: fields
bounding_box bbox crop: box
embedding vector: vector
plan steps_plan workflow: plan
preferences user_preferences prefs: preferences
preferences [guest @hotel]: guest_preferences
notification_preferences notification_settings notifications email_preferences: notifications
settings options configuration config: settings
settings [player @game]: game_settings
config configuration settings [device gateway sensor @device]: device_config
feature_flags flags toggles: flags
branding theme: branding
headers request_headers response_headers http_headers: headers
payload body event_data webhook_payload event data: payload
response response_data result output: response
raw_response gateway_response provider_response [payment refund @shop @bank charge]: payment_response
raw_user_meta_data raw_user_metadata user_metadata user_meta user_meta_data: user_metadata
raw_app_meta_data app_metadata app_meta_data: app_metadata
setting_value config_value preference_value: settings
metadata meta extra extras additional_data: metadata
context: audit_context
permissions privileges rights scopes abilities: permissions
dimensions size measurements: dimensions
attributes properties options variant_options option_values product_options [product variant item order_item sku
 @shop]: attributes
attributes properties specs: attributes
images photos gallery media: images
photos [maintenance_request]: photos
tags labels keywords categories: tags
amenities: amenities
features [plan package tier]: features
features [room]: room_features
features [property listing @estate]: house_features
checklist todo steps [task card]: checklist
checklist [inspection]: inspection_checklist
checklist: checklist
issues defects: issues
custom_fields custom_data custom_attributes: custom_fields
reactions: reactions
rules targeting segments filters: rules
variants variations: variants
retry_policy: retry
conditions triggers: conditions
actions: actions
parameters params arguments args: parameters
specifications specs [device_model product_model model]: specifications
parts_used parts: parts
proof_of_delivery: proof
raw_data telemetry sensor_data readings measurements [tracking_event device reading sensor]: telemetry
schedule timetable: schedule
grading_scale: grading
rubric: rubric
education: education
work_history experience employment_history: work_history
competencies skills ratings: competencies
screening_questions questions: questions
deductions: deductions
authors: authors
table_of_contents contents chapters: contents
members [artist band]: members
setlist: setlist
menu: menu
requirements [guild]: requirements
requirements [client buyer @estate]: home_requirements
guarantor: guarantor
stats attributes [player character @game]: stats
effects enchantments: effects
equipment: equipment
appearance: appearance
emblem: emblem
objectives: objectives
rewards: rewards
criteria: criteria
loadout: loadout
map_rotation: rotation
open_house: open_house
"""
NAMED = Endings((NAMES,), str)


def _shape(context: Context) -> str | None:
    return NAMED.find(context.words, context.about)


def _derived(context: Context) -> Derived:
    name = _shape(context) or ""
    return _drawn(context, SHAPES[name]), (_siblings(context) if name in _CHANGES else ())


def any_document(context: Context) -> Derived:
    """Return the writer of a document of which the name says only whether it is one or several."""
    *others, last = context.words.strip("_").split("_")
    entry = _entry(" ".join((*others, singular(last))))
    return _drawn(context, {**entry, "updated_on": _day} if singular(last) == last else (1, 3, entry)), ()


def _drawn(context: Context, shape: Shape) -> Write:
    domain, kind = context.domain, context.column.type

    def write(ask: Ask) -> Any:
        document = made(shape, ask)
        if domain.json_type not in (None, "object" if isinstance(document, dict) else "array"):
            return JSON.make(ask.faker, kind, domain) if JSON.make is not None else None
        if isinstance(document, list):
            least, most = domain.minimum_length or 0, domain.maximum_length
            if not least <= len(document) <= (len(document) if most is None else most) or domain.json_members:
                return JSON.make(ask.faker, kind, domain) if JSON.make is not None else None
            return document
        return with_members(ask.faker, document, domain)

    return write


def _is_known(context: Context) -> bool:
    return _shape(context) is not None


DOCUMENT = Meaning(
    "document by its name",
    "",
    derive=_derived,
    where=_is_known,
    types=is_json,
    comments=False,
    stages={7: r"_(after|new_values?|new_data|new_record)_", 8: r"_(changes|diff|delta|changeset)_"},
)
