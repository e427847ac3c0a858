"""The short words of a status, a type or a level, by what they are about."""

from __future__ import annotations

from collections.abc import Iterable


def _by_thing(text: str) -> dict[str, tuple[str, ...]]:
    """Lines of things and their words."""
    found: dict[str, tuple[str, ...]] = {}
    for line in text.strip().splitlines():
        things, _, words = line.partition(":")
        found.update(dict.fromkeys(things.split(), tuple(words.split())))
    return found


STATUSES = _by_thing("""
order purchase cart checkout fulfillment: pending processing shipped delivered cancelled
payment transaction charge payout transfer refund: pending completed failed refunded
invoice bill statement: draft sent paid overdue void
subscription plan: active trialing past_due canceled
task todo issue card story checklist step: open in_progress in_review done
ticket case request complaint incident support: open pending resolved closed
bug defect: new confirmed fixed closed
post article page blog story news content document lesson chapter: draft published archived
comment review feedback question answer: pending approved rejected
user account member customer client profile employee contact vendor supplier partner: active inactive pending
job run batch import export sync process workflow execution build pipeline task_run: queued running succeeded failed
deployment release migration: pending running succeeded failed
booking reservation appointment visit session_booking: pending confirmed completed cancelled
project milestone sprint epic initiative: planned active on_hold completed
lead opportunity deal prospect: new contacted qualified won lost
shipment delivery parcel package shipping tracking: pending in_transit delivered returned
device sensor server node host machine printer: online offline maintenance
campaign newsletter promotion: draft scheduled running finished
message email mail notification sms push reminder: queued sent delivered failed
event meeting webinar class course: scheduled ongoing completed cancelled
flight train trip ride route: scheduled boarding departed arrived delayed
product listing item gear: active draft out_of_stock archived
candidate applicant application: applied interviewing offered hired rejected
invitation invite friendship connection follow: pending accepted declined
vehicle car room table asset equipment copy: available in_use maintenance retired
contract agreement policy proposal quote offer: draft sent signed expired
enrollment registration student: enrolled active completed dropped
file upload attachment media video image: uploading processing ready failed
game match: scheduled playing finished
exam test quiz assignment submission: assigned submitted graded
loan claim: requested approved repaid rejected
webhook integration key token: active disabled
leave absence approval timesheet expense: requested approved rejected
marital: single married divorced widowed
employment: employed on_leave terminated
health: healthy degraded down
stock inventory: in_stock low_stock out_of_stock
""")
ANY_STATUS = ("active", "inactive", "pending", "completed")

TYPES = _by_thing(
    """
address: billing shipping home office
phone: mobile home work
contact: customer supplier partner
account bank: checking savings credit
transaction payment txn movement entry: payment refund transfer fee
notification channel reminder: email sms push
event activity interaction: view click signup purchase
discount coupon promotion voucher: percentage fixed_amount free_shipping
document: contract invoice report letter
vehicle car: sedan suv hatchback van
body: sedan suv hatchback van
room: single double suite
question: single_choice multiple_choice text scale
user member customer client: individual business
profile: personal business
property listing real: apartment house studio office
leave absence: vacation sick parental unpaid
field column attribute input setting value data config variable: text number date boolean
entity resource subject model target owner item commentable taggable object record source reference related parent
 imageable attachable likeable notifiable auditable: user post order product
employment contract job: full_time part_time contract internship
fuel: petrol diesel electric hybrid
blood: A+ A- B+ AB+ O+ O-
token: bearer refresh api
card: visa mastercard amex
id identity identification: passport drivers_license national_id
file media attachment asset: image video document audio
message: text image file system
post article content page: article news guide video
task issue ticket story: bug feature task improvement
product item: physical digital service
meeting: online in_person phone
course lesson: video text quiz
membership plan subscription: monthly yearly lifetime
organization company account_type: company nonprofit agency
device client platform: desktop mobile tablet
appointment visit: checkup consultation follow_up
media_type: image video
log audit action: create update delete login
relation relationship link: parent child sibling friend
policy insurance: health auto home travel
service: repair installation consulting
expense cost: travel meals office software
actor: user system api_key
bed: single double queen king
ticket_type: standard vip student
shipment shipping delivery: standard express pickup
tax: vat sales reduced
rule condition trigger: equals contains greater_than
job_type: full_time part_time
widget chart: bar line pie table
goal: weight distance steps
""".replace("\n ", " ")
)
ANY_TYPE = ("basic", "standard", "premium", "custom")

LEVELS = _by_thing("""
log event audit message entry logger: debug info warning error
course lesson skill language class workout exercise recipe education player: beginner intermediate advanced
severity incident alert bug vulnerability error: low medium high critical
access permission: read write admin
risk priority difficulty importance stock: low medium high
user customer membership loyalty member account tier: bronze silver gold
experience job position employee seniority: junior mid senior lead
""")
ANY_LEVEL = ("low", "medium", "high")
PRIORITIES = ("low", "medium", "high", "urgent")


def words_for(
    lists: dict[str, tuple[str, ...]], things: Iterable[str], otherwise: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the words of the first thing that has some.

    Args:
        lists: one of those of this module.
        things: what a column may be about, the nearest first.
        otherwise: the words where no thing has any.

    Example:
        >>> words_for(STATUSES, ["gizmo", "order"], ANY_STATUS)[0]
        'pending'
    """
    return next((lists[thing] for thing in things if thing in lists), otherwise)
