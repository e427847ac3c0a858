"""Words that columns of any table have: sides, directions, shapes, seasons, periods, frequencies.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`; they come after those of the subjects.
"""

NAMES = """
orientation: portrait | landscape | square
facing compass_direction wind_direction exposure cardinal_direction: N | NE | E | SE | S | SW | W | NW
side: left | right | front | back
shape: round | square | oval | rectangular | hexagonal
texture: smooth | rough | soft | grainy | ribbed
pattern: plain | striped | checked | dotted | floral
scent fragrance aroma: lavender | citrus | cedar | vanilla | unscented
flavor taste: vanilla | chocolate | lemon | salted caramel | strawberry | coffee
fit: slim | regular | relaxed | oversized
terrain: flat | hilly | mountainous | coastal | urban
climate: temperate | continental | mediterranean | tropical | arid
tone tone_of_voice: neutral | friendly | formal | playful
condition [device laptop phone vehicle tool bike furniture]: new | like new | good | fair | worn | damaged
condition_grade: A | B | C | D
operational_status service_status: operational | degraded | under maintenance | out of service
cycle review_cycle planning_cycle fiscal_period budget_period: 2024-H2 | 2025-H1 | 2025-H2 | 2025-Q<1-4>
duration duration_text estimated_duration lead_time: {2/3/5/10} days | {1/2/3/6} weeks | {15/30/45/90} minutes
opening_hours business_hours hours hours_of_operation: Mon-Fri {8/9}:00-{17/18}:00 | Mon-Sat {9/10}:00-{18/19/20}:00 |
 daily {8/10}:00-{20/22}:00
schedule timetable: Mon-Fri {8/9}:00-{16/17}:00 | Tue and Thu {10/14}:00 | weekends {9/10}:00-{13/15}:00 | every first
 Monday
schedule cron_schedule [job task pipeline workflow backup report scheduler @software]: */15 * * * * | 0 * * * * | 0 3
 * * * | 30 6 * * 1-5 | 0 8 * * 1
refresh_interval update_interval update_frequency polling_interval: hourly | every 6 hours | daily | weekly
preferred_contact contact_preference preferred_contact_method contact_method preferred_channel
 communication_preference: email | phone | sms | mail
referral_source how_heard heard_about_us: friend | search engine | social media | newspaper | doctor | event
confidentiality classification_level security_classification: public | internal | confidential | secret
likelihood probability_level: rare | unlikely | possible | likely | almost certain
impact impact_level consequence: minor | moderate | major | severe
urgency: low | normal | high | immediate
outcome result: successful | partly successful | failed | pending | no change
decision: approved | rejected | deferred | approved with conditions
verdict_text: in order | to be corrected | to be repeated
compliance_status: compliant | partly compliant | not compliant | not assessed
risk: low | medium | high
risk_description: {Delay/Cost overrun/Supplier failure/Data loss/Staff shortage} {in {spring/the second
 phase/June}/through {late delivery/unclear requirements}}
age_category age_band: 0-17 | 18-24 | 25-34 | 35-44 | 45-54 | 55-64 | 65+
income_band income_range salary_band: under 25,000 | 25,000-49,999 | 50,000-74,999 | 75,000-99,999 | 100,000+
range_text price_range price_level: $ | $$ | $$$
measurement_unit: kg | m | l | pcs | h
belt_color: white | yellow | orange | green | blue | brown | black
eye_color: brown | blue | green | gray | hazel
hair_color: brown | black | blond | red | gray
skin_type: normal | dry | oily | combination | sensitive
handedness: right | left
pronouns: she/her | he/him | they/them
blood_pressure_text: 120/80
housing_type accommodation_type dwelling_type: apartment | house | shared flat | dormitory
parking parking_type: street | garage | lot | none
settlement_status: paid | pending | overdue | partially paid
shipping_zone delivery_zone zone: zone 1 | zone 2 | zone 3 | zone 4
seating seating_area table_area: terrace | window | bar | main room | garden
table_number table_no: {T/}<1-40>
occasion: birthday | anniversary | business lunch | date | family dinner | none
allergy_notes dietary_notes: none | nut allergy | gluten-free | lactose-free | vegetarian | shellfish allergy
server_name waiter_name host_name bartender: {first_name}
wine_region: Rioja | Mosel | Tuscany | Bordeaux | Napa Valley
roast roast_level: light | medium | dark
cut: sirloin | ribeye | tenderloin | brisket
lab_name laboratory laboratory_name lab: {Central/Riverside/Northside/Summit/Harbor} {Laboratory/Diagnostics/Lab}
manufacturer pharma_company marketing_authorization_holder [vaccination medication immunization drug vaccine @medical
 @vet]: {Alder/Cascade/Halcyon/Kestrel/Lodestar} {Pharma/Biotech/Animal Health/Life Sciences}
phone_extension extension_number ext [@person employee contact department veterinarian staff office]: <100-980>
title subject name [reminder]: {Appointment/Payment/Renewal/Vaccination/Follow-up/Document} reminder |
 {Call/Visit/Payment} due {on Monday/on <2-28> {May/June/October}/next week}
message body text [reminder]: {Your/The} {appointment/payment/renewal/document} is due {on Monday/on <2-28>
 {May/June/October}/next week/tomorrow}. | Please {confirm/call us/bring the documents/pay} {by <2-28>
 {March/June/September}/by Friday/before the visit}.
response [reminder invitation survey_invitation]: confirmed | no answer | rescheduled | declined
license_state issuing_state issued_state registration_state plate_state home_state: AZ | CA | CO | FL | GA | IL | MA |
 MI | MN | NC | NJ | NY | OH | OR | PA | TX | VA | WA
birth_place birth_city birthplace_city: {city}
location home_location [account user profile @person]: {Berlin, Germany/Lyon, France/Austin, TX/Leeds, UK/Toronto,
 Canada/Porto, Portugal/Denver, CO/Ghent, Belgium}
meta_description seo_description og_description search_description: {post_sentence}
installer installer_name installed_by_company contractor_name service_company service_partner:
 {Harbor/Keystone/Linden/Summit/Parkside/Northern} {Services/Electric/Solar/Installations}
operator operator_name operated_by operating_company: {Harbor/City/Northern/Linden/Summit} {Operations/Services/Group}
reader_name meter_reader: {first_name} {last_name}
rules house_rules_text code_of_conduct: +1-2 {Be/Stay} {polite/on time/on topic}. | {Questions/Changes/Complaints} go
 to {the office/the organizer/support}. | {Late entries/Guests/Substitutions} {are allowed/need approval} {until
 <2-28> {May/June/October}/until noon}.
firmware firmware_build software_version app_version client_version build_version agent_version driver_version
 min_runtime_version protocol_version schema_version api_version: <1-9>.<0-14>.<0-9>
serial_range: <#6>-<#6>
file_path photo_path image_path attachment_path artifact_path path [photo image document attachment file report]:
 /uploads/202<4-5>/<#2>/<x10>.{jpg/pdf/png}
license_spdx spdx spdx_id: MIT | Apache-2.0 | GPL-3.0-only | BSD-3-Clause | MPL-2.0 | ISC
"""
SLOTS = ""
