"""Words that columns of any table have: sides, directions, shapes, seasons, periods, frequencies.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`; they come after those of the subjects.
"""

NAMES = """
action_required recommended_action suggested_action required_action next_action proposed_action: {review
 manually/request documents/call back/no action/escalate/repeat the check/send a reminder/inspect on site}
calculation_formula pricing_formula price_formula: quantity * unit_price | base + rate * days | amount * rate / 100 |
 total - discount
calculation_type calculation_method calc_type: fixed amount | percentage | per day | per unit
where_to_buy purchased_at bought_at purchase_place: {supermarket/pharmacy/hardware store/online shop/market/specialist
 shop}
role_applied position_applied applied_position applied_role applied_for desired_position job_applied: {Account
 Manager/Accountant/Nurse/Software Engineer/Warehouse Clerk/Designer/Electrician/Teacher}
period_label pay_period payroll_period billing_month accounting_period period_name: {January/February/March/April/May/
 June/July/August/September/October} 2025
human_resources personnel_required staff_required labor_required manpower: <1-6> {technicians/masons/drivers/helpers/
 engineers}{, 1 supervisor/}
success_stories impact_stories: +1-2 {Two families/<10-90> pupils/A farmer/The village school} now
 {has clean water/earn more/use the new hall/share a tractor}. | {Attendance/Income/Harvest} rose by <5-60> %.
milestones: {Planning completed/Site prepared/First delivery/Half of the work done/Final inspection/Handover} {in
 {March/May/June/September}/}
budget_breakdown cost_breakdown: {Materials/Labor/Transport} <30-60> %, {equipment/training/administration} <10-30> %,
 reserve <5-10> %
stakeholder_groups interest_groups: residents | local council | suppliers | schools
subject_template email_subject_template: {Reminder: invoice/Your invoice/Payment due/Thank you for your payment}
body_template email_body_template message_template: Dear customer, {your invoice is due in <3-14> days/thank
 you for your payment/please find the invoice attached}.
module_name name title [module@software app_module]: Inventory | Accounting | Sales | Calendar | Reports | Contacts
schedule_rule recurrence_rule repeat_rule: every day | every Monday | every second week | first day of the month |
 weekdays
commodity product_traded: Wheat | Copper | Crude oil | Coffee | Cotton | Silver
suburb village hamlet settlement township: {Northfield/Oakwood/Riverside/Hillcrest/Millbrook/Westgate/Ashford}
indoor indoor_features: air conditioning | built-in wardrobes | fireplace | alarm system | dishwasher
outdoor outdoor_features: balcony | garage | garden | pool | courtyard | deck
program program_name [@arts @music concert performance recital]: {Sonata/Suite/Nocturne/Waltz} in {A/C/D/E/G}
 {major/minor}
program program_name degree_program college_program study_program academic_program course_program: {Nursing/Business
 Administration/Computer Science/Civil Engineering/Education/Psychology/Accounting}
academic_unit organization_unit organizational_unit business_unit unit_demand requesting_unit:
 {Science/Engineering/Arts/Business/
 Education} {Faculty/Department/Office}
grade_level year_level class_level [@school student applicant academic_background curriculum subject class]: Grade
 <1-12>
fee_type: registration | tuition | service | late fee | processing | examination
^license driver_license driving_license [driver conductor]: DL-<#7>
^license [doctor nurse pharmacist therapist agent broker technician contractor vendor teacher pilot]: LIC-<#6>
debtor_name creditor_name counterparty_name [mandate transaction payment debit]: {first_name} {last_name}
^name [=bank_transaction =direct_debit =mandate =booking =reservation =registration =payment]: {first_name} {last_name}
^tag [image photo property_image gallery_image]: kitchen | bathroom | garden | living room | front | view
cta_label: Learn more | Book now | Sign up | Contact us | Read more | Get started
question_text [quiz_question exam_question question]: {Which/What} {city/number/word/year/formula} {is correct/comes
 next/does not fit/belongs here}?
option_text answer_text choice_text [quiz_question_option quiz_option question_option answer_option]: {Only
 A/Both/None of
 these/All of these/It depends} | <2-90> | {always/never/sometimes}
explanation [quiz_question question exam_question]: {See/Compare} {chapter/lesson/section} <1-12>. | The
 {first/second/last}
 answer is {correct/too wide/incomplete}.
subtitle short_description tagline [course class@school training]: {Basics/Practice/Methods} for
 {beginners/professionals/
 teachers/teams} | {Learn/Practice} {step by step/with examples/in small groups}
topic main_topic topic_name subject_area: technology | travel | health | money | culture | education | energy
campus campus_name: Main Campus | North Campus | City Campus | Riverside Campus
disclaimer legal_notice legal_text: {Information/Prices/Dates} without guarantee. | Subject to change. | For
 personal use only.
affiliation affiliated_with: {Riverside/Northern/Central/Lakeside} {University/Institute/Association/Hospital}
entrance entry_gate entry_point: {North/South/East/West/Main} entrance
description [invoice_line_item]: {Consulting/Assembly/Repair/Training}, <1-12> hours
 | {Monthly/Annual} {fee/license/maintenance} | {Delivery/Materials/Spare parts/Travel costs/Registration fee}
notes [budget budget_line]: {Approved/Reduced/Moved} {in March/by the board/for next year}.
active_ingredient: {citric/acetic/boric/lactic} acid | permethrin | pyrethrin | glyphosate | ethanol | copper
 sulfate
param_name parameter_name analyte_name: {nitrate/ammonium/phosphate/pH/conductivity/oxygen/temperature/turbidity}
termination_reason: moved away | price increase | another provider | no longer needed | end of term | mutual agreement |
 unpaid invoices
out_of_service_reason out_of_order_reason outage_reason downtime_reason: repair | inspection overdue | spare part on
 order | cleaning |
 battery | calibration | damage
closure_reason closing_reason closed_reason closed_because: maintenance | bad weather | repairs | holiday | staff
 shortage | private event | end of season
discard_reason disposal_reason scrap_reason: expired | damaged | contaminated | obsolete | lost |
 quality check failed
withdrawal_reason: owner's request | quality | no longer available | entered by mistake | under review
equip_tag equipment_tag tank_tag instrument_tag valve_tag pump_tag machine_tag device_tag:
 {P/T/V/M/FT/PT/LT}-<100-990>
scientific_name latin_name botanical_name: {Quercus robur/Fagus sylvatica/Apis mellifera/Parus major/Vulpes vulpes/Rosa
 canina/Salmo trutta/Blattella germanica/Mus musculus/Lavandula angustifolia/Erithacus rubecula/Bombus terrestris}
common_name name [pest]: {German cockroach/House mouse/Brown rat/Bed bug/Carpenter ant/Clothes moth/Wasp/Termite/Flea}
common_name name [tree flower]: {Oak/Beech/Lavender/Dog rose/Tomato/Sunflower/Basil/Silver birch/Field maple}
common_name name [bird]: {Robin/Great tit/Barn owl/Kingfisher/Grey heron/Swift/Goldfinch/Woodpecker}
party_name party [candidate @politics]: {Green/Liberal/Civic/People's/Workers'/Centre/
 Progressive/Regional} {Party/Alliance/Union/List}
name [party@politics]: {Green/Liberal/Civic/People's/Workers'/Centre/
 Progressive/Regional} {Party/Alliance/Union/List}
title subject summary [complaint grievance]: {Noise/Smell/Smoke} {at night/in the stairwell/near the
 entrance} | {Broken/Blocked/Missing} {sign/gate/lamp/seat/door} {in hall <1-9>/at the north side/since Monday} | {Long
 wait/Unfriendly answer/Wrong information} {at the counter/on the phone} | {Wrong amount/Missing page/Late reply} in
 {the notice/the letter/my case}
name title rank_name [rank]: {Captain/Lieutenant/Sergeant/Corporal/Major/Commander/Chief/Cadet/Officer}
description details [work_order repair service_order]: +1-2
 {Check/Replace/Clean/Adjust/Lubricate/Inspect} {the pump/the valve/the filter/the motor/the belt/the sensor/the
 seals/the bearings}. | {Noise/Leak/Vibration} {at the gearbox/near the inlet/after start-up}, {since <2-9>
 days/reported by the shift}. | {Part/Seal/Filter set} {on order/in stock/to be ordered}.
title summary [work_order]: {Replace/Check/Clean/Overhaul} {pump/valve/filter/motor/belt/sensor} <1-9>
name deceased_name [deceased]: {first_name} {last_name}
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
background_check_status screening_status: clear | pending | in review | failed
dietary_preference diet_preference: none | vegetarian | vegan | halal | gluten-free | pescatarian
signup_source registration_source: web | iOS app | Android app | referral | store
background_check: clear | pending
section menu_section course_section [menu_item dish menu@kitchen @kitchen]: Starters | Salads | Mains | Pizza |
 Desserts | Drinks | Sides
portion_size serving_size portion: small | regular | large | half | family
prep_station station kitchen_station [@kitchen menu_item shift@kitchen]: grill | cold kitchen | fryer | pastry | bar |
 pass
plu_code plu: 4<#3>
kitchen_status preparation_status: queued | preparing | ready | served
chef_notes kitchen_notes: +1-2 {Season/Plate/Rest/Serve} {last/warm/on the blue plate/with lemon}. | {Sauce/Dressing}
 {on the side/to order}. | Replace {ingredient} with {ingredient} if out.
group_name modifier_group [item_modifier modifier]: Size | Toppings | Sauces | Sides | Cooking | Extras
option_name modifier_name name [item_modifier modifier]: Extra cheese | No onions | Large | Gluten-free bread | Medium
 rare | Oat milk | Spicy mayo
fulfillment fulfillment_type fulfillment_method service_mode: delivery | pickup | dine-in
table_name table_label [reservation restaurant booking @kitchen]: T<1-40> | Terrace <1-9> | Bar <1-6>
liquor_license alcohol_license: LL-<#6>
pos_vendor pos_system: {Example/Sample/Till/Counter} POS
hygiene_grade health_grade inspection_grade: A | B | C
storage storage_type storage_zone [inventory_item ingredient @kitchen product]: dry store | fridge | freezer | cellar
waste_reason spoilage_reason write_off_cause: expired | spoiled | dropped | overproduction | wrong delivery
banner_text promo_text_line announcement_bar: {Free delivery/20% off/Two for one/A free dessert} {this week/until
 Sunday/on your first order/after 8 pm}
case_type issue_type [support_case case@software support_ticket case@kitchen]: missing item | late delivery | wrong
 order | refund | quality | account
promo_type: percentage | fixed amount | free delivery | two for one
target_segment target_group_text: new customers | lapsed customers | regulars | everyone
clock_in_method punch_method: PIN | badge | mobile app | fingerprint
manager_note shift_note shift_notes: {Quiet/Busy/Very busy} {lunch/evening}, {short one cook/no complaints/till
 correct/fryer cleaned}.
onboarding_step onboarding_stage: documents | background check | training | equipment | active
story our_story brand_story about_us: +2-3 Started as {a food truck/a bakery/a family kitchen} in <1962-2020>. |
 {Recipes/Ideas} from {our grandmother/the coast/two continents}. | {Open/Busy/Loved} {since day one/seven days a
 week/in the neighborhood}.
cause root_cause: {human error/wear and tear/missing maintenance/late delivery/wrong setting/bad weather/power
 failure/unclear instructions/material defect/overload}
action_taken response_action: {Reported to {the office/the manager/the authorities}/Repaired on site/Area
 closed/Replaced the part/Talk with the persons involved/No action needed/Under observation}.
incident_type event_category [incident @transit]: accident | near miss | damage | delay | theft | complaint | medical
trip_purpose: commute | school | shopping | leisure | medical visit | business
frequency_of_use usage_frequency visit_frequency: daily | several times a week | weekly | monthly | rarely
household_income: under 25,000 | 25,000-50,000 | 50,000-75,000 | 75,000-100,000 | over 100,000
header alert_header headline title [service_alert alert@transit announcement@transit]: {Delays/Detour/Reduced
 service/Stop closed/Cancelled trips} {on route <1-90>/near {Central Station/Market Square/Harbor}/until {Friday/<5-9>
 pm/further notice}}
body message description [service_alert alert@transit]: +1-2 Due to {road works/a demonstration/an accident/snow/a
 technical fault}, {expect delays of <5-40> minutes/buses use {Mill Street/Harbor Road/the ring road}/the stop {Market
 Square/City Hall} is closed}. | {Normal service/Replacement buses} {from <5-11> am/until <6-11> pm/every <10-30>
 minutes}.
effect alert_effect: DELAY | DETOUR | REDUCED_SERVICE | STOP_MOVED | NO_SERVICE
cause [service_alert alert@transit]: CONSTRUCTION | WEATHER | ACCIDENT | DEMONSTRATION | TECHNICAL_PROBLEM
detour detour_route: via {Mill/Harbor/Station/Church/Park} {Street/Road} and {the ring road/Oak Avenue/Bridge Street}
affected_stops stops_affected: {Market Square/City Hall/Central Station/Harbor/University}, {Mill
 Street/Hospital/Stadium/Park}
route_type transit_mode vehicle_mode [route@transit @transit]: bus | tram | metro | ferry | night bus | express bus
vehicle_type [vehicle@transit bus @transit]: bus | articulated bus | tram | minibus | trolleybus
make manufacturer [vehicle@transit bus tram]: {Alder/Halcyon/Kestrel/Lodestar} {Bus/Mobility/Rail}
model [vehicle@transit bus tram]: {City/Urban/Metro}{liner/bus/way} <10-18>{/ E/ Hybrid}
short_name route_number route_short_name line_number [route@transit line]: <1-99> | N<1-9> | X<1-40>
long_name route_long_name name [route@transit]: {Central Station/Market Square/University/Harbor/Airport} -
 {Hospital/North Hill/West End/Stadium/Old Town}
description [route@transit line]: {Central Station/Market Square/University} to {Hospital/North Hill/Stadium} via
 {City Hall/Mill Street/the bridge}{, every <5-30> minutes/, weekdays only/, night service}.
name stop_name station_name [stop station@transit]: {Central Station/Market Square/City
 Hall/University/Hospital/Harbor/Stadium/Mill Street/Oak Avenue/Church Road} {/North/East/Stop <1-4>}
heading stop_direction [stop]: northbound | southbound | eastbound | westbound
platform_code platform_number bay_number [stop station@transit]: {A/B/C/<1-12>}
landmark nearby_landmark: opposite the {church/library/post office/school/market hall} | next to the
 {bank/pharmacy/park/fire station}
ticket_machine ticketing: card and cash | card only | none
headsign destination_sign destination_text: {Central Station/Airport/Harbor/University/North Hill/Stadium} {/via City
 Hall/Express}
depot home_depot garage [@transit operator route]: {North/South/Harbor/East/Central} Depot
emission_class emission_standard: Euro 5 | Euro 6 | Zero emission
ramp_type wheelchair_ramp: manual ramp | electric ramp | low floor | lift
union_local union: Local <100-990>
badge [operator@transit employee officer driver]: <#5>
shift_preference: early | late | night | split | weekend
name fare_name product_name title [fare_product fare ticket_product]: {Single/Day/Weekly/Monthly/Annual/10-trip}
 {ticket/pass} {/reduced/zones 1-2/all zones}
description [fare_product fare]: Valid for {one trip/24 hours/seven days/a calendar month} {in zones 1-2/on all
 lines/including transfers}.
fare_type [fare_product fare @transit]: single | day pass | period pass | multi-trip
validity validity_period: 90 minutes | 24 hours | 7 days | 30 days | 12 months
rider_category passenger_type concession_type: adult | youth | senior | student | disabled
proof_required: none | student ID | passport | disability card
sales_channels sales_channel purchase_channels [fare_product fare]: app | vending machine | website | kiosk | on board
card_type [smart_card transit_card]: standard | student | senior | disposable
card_number [smart_card transit_card gift_card loyalty_card member_card]: 9<#15>
concession_code discount_group: {STU/SEN/YTH/DIS}
tap_type: entry | exit | transfer | inspection
result_code [tap validation]: OK | INSUFFICIENT_FUNDS | EXPIRED | BLOCKED
reader_id validator_id terminal_code: VAL-<#5>
block block_number block_code [trip@transit trip]: B<100-480>
run_number [trip@transit trip]: R<10-99>
description details [incident@transit incident]: +2-3 {Passenger/Cyclist/Parked car/Pedestrian} {fell/was
 touched/blocked the way} {near the {front/rear} door/at the stop/on the ramp}. | {Police/Ambulance/Supervisor}
 {called/on site}, {no injuries/one person treated}. | {Mirror/Door/Bumper} damaged, {service continued/vehicle
 replaced}.
suggestion suggestions improvement_ideas: {More/Later/Earlier/Cleaner} {buses/seats/trains/information/shelters}
 {please/in the evening/on Sundays/at the university}.
crowding: empty | seats available | standing room | full
access_mode: walking | bicycle | car | taxi
defect_code [work_order@transit work_order vehicle]: {BRK/ENG/DOR/ELC/HVC/TIR}-<#2>
system vehicle_system [work_order vehicle defect]: brakes | engine | doors | electrical | HVAC | suspension
complaint reported_problem [work_order]: {Door/Brake/Heater/Wiper/Engine} {noisy/does not close/weak/warning light
 on/leaking}
correction repair_action [work_order]: {Replaced/Adjusted/Cleaned/Rewired} {door motor/brake pads/heater fan/wiper
 motor/sensor}
name instrument_name [instrument@lab instrument]: {HPLC/GC-MS/ICP-MS/Balance/Spectrometer/Titrator/pH
 meter/Centrifuge} {<1-9>/A/B/North}
instrument_type equipment_type [instrument@lab instrument @lab]: HPLC | GC-MS | ICP-MS | balance | spectrometer | pH
 meter
manufacturer brand [instrument@lab instrument @lab]: {Alder/Halcyon/Kestrel/Lodestar}
 {Scientific/Analytics/Instruments}
model model_number [instrument@lab instrument @lab]: {LC/GC/MS/UV}-<#4>
title name method_name [method@lab]: {Determination/Screening} of {lead/nitrate/caffeine/benzene/pesticides/chloride}
 in {water/soil/food/air/blood}
technique analytical_technique: HPLC-UV | GC-MS | ICP-MS | ion chromatography | titration | photometry
standard reference_standard [method@lab method]: ISO 11885 | EPA 200.8 | DIN EN 12457 | ISO 10304-1 | AOAC 999.10
method_code: M-<#3>
analyte_group parameter_group: metals | anions | pesticides | volatile organics | nutrients
analyte parameter [result@lab @lab]: Lead | Nitrate | Chloride | Caffeine | Benzene | Arsenic | Sodium
sop_document sop sop_number: SOP-<#3> rev <1-9>
calibration_model: linear | linear through zero | quadratic
unit units [result@lab method@lab @lab]: mg/L | µg/L | mg/kg | % | µg/m³
matrix sample_matrix sample_type material_type [sample@lab sample]: drinking water | waste water | soil | food | air |
 blood | sediment
sample_name name [sample@lab sample]: {Well/Tap/River/Tank/Field} {water/soil/sample} {<1-40>/north/inlet/outlet}
description [sample@lab sample]: {Clear/Cloudy/Brown/Dry} {liquid/soil/powder} from {well <1-9>/the inlet/the
 field/tank <1-9>}, {filtered/cooled/acidified/two bottles}.
collection_site sampling_point sampling_location: {Well/Inlet/Outlet/Tank/Field/Station} <1-24>
received_condition condition_on_receipt: intact | cooled | warm | leaking | label missing
container_type bottle_type [sample@lab sample]: glass bottle 1 L | PE bottle 500 ml | vial 40 ml | bag
preservative preservation: none | HNO3 | H2SO4 | NaOH | cooled
disposal_method: returned | incinerated | drain | hazardous waste
chain_of_custody_no custody_number: COC-<#6>
sample_no sample_number sample_id_text lab_number: S25-<#6>
cas_number cas cas_no: 000<#3>-<#2>-<#1>
qualifier result_qualifier: < | > | J | B | ND
compliance conformity compliance_result: pass | fail | not assessed
reported_value result_text reported_result [result@lab result]: < <0-1>.<0-9> | <1-90>.<0-9> | not detected
remark remarks [result@lab]: {Diluted/Repeated/Confirmed} {sample/measurement} {./by second method./on Monday.}
molecular_formula chemical_formula formula: C<2-20>H<4-40>O<2-8> | NaCl | HNO3 | H2SO4 | CH3OH | C2H3N
concentration strength_text: 0.1 mol/L | 1 mol/L | 65% | 1000 mg/L | 10%
grade reagent_grade [reagent chemical]: analytical | HPLC | ultrapure | technical
name reagent_name chemical_name [reagent chemical]: Acetonitrile | Methanol | Nitric acid | Sodium chloride |
 Hydrochloric acid | Formic acid | Ethanol | Buffer pH 7
unit [reagent chemical]: L | ml | g | kg
catalog_number [reagent chemical @lab]: <#2>.<#5>.<#4>
ghs_pictograms ghs_symbols pictograms: GHS02 | GHS05 | GHS06 | GHS07 | GHS08
safety_data_sheet sds sds_url: https://example.com/sds/<x8>.pdf
storage_temp: 2-8 °C | 15-25 °C | -20 °C
sequence_file: {seq/run}_2025<#4>_<#2>.{seq/csv}
mobile_phase eluent: {acetonitrile/methanol}/water {50:50/70:30/80:20} | 0.1% formic acid
blank_result: below detection limit | < 0.01 | contaminated
qc_status quality_status: passed | failed | repeated
training_status: trained | in training | retraining due
bench workplace: {Metals/Organics/Wet chemistry/Micro} {1/2/3}
statement_of_conformity conformity_statement: The sample {meets/does not meet} the {limit/requirements} of the
 {Drinking Water Ordinance/specification/standard}.
opinion interpretation_text expert_opinion: {Values are/The result is} {within the usual range/slightly raised/typical
 for well water}{./, a second sample is advised.}
effectiveness_check effectiveness_review: {effective/not yet effective/to be checked} {after <1-6> months/in the next
 audit}
immediate_correction correction [nonconformity]: {Result withdrawn/Run repeated/Instrument stopped/Customer
 informed/Label replaced}
description details [nonconformity deviation nc]: {Wrong/Expired/Missing} {standard/label/calibration/signature} {in
 run <100-900>/on sample S25-<#4>/found at review}.
name [storage_unit]: {Fridge/Freezer/Cold room/Shelf/Cabinet} <1-24>
unit_type storage_unit_type [storage_unit]: fridge | freezer | cold room | cabinet
name [business_unit org_unit organizational_unit]: {Sales/Operations/Finance/Service/Research}
 {North/South/Europe/Retail/}
badge_name name_on_badge name_tag: {first_name} {last_name}
operator [operation production machine shift@factory @factory]: {first_name} {last_name}
theme motto [conference event festival summit retreat hackathon]: {Open/Shared/Sustainable/Better/Human}
 {Data/Cities/Learning/Health/Work/Futures}
format event_format delivery_format [conference event session@event webinar]: in person | online | hybrid
conference_name title name [summit]: {Northern/European/Open/Applied/Women in}
 {Data/Design/Python/Energy/Health/Cloud} {Summit/Conference/Days/Forum} 202<4-6>
name track_name [track@event stream@event]: {Data/Design/Infrastructure/Leadership/Security/Community} {/in
 practice/track}
title talk_title [proposal@event session@event submission@event]: {Lessons from/Building/Scaling/Rethinking/An
 introduction to} {data pipelines/design systems/remote teams/open source/search/observability} {/in practice/for
 beginners/at a small company}
abstract summary description [proposal@event talk session@event submission@event]: +2-3 {This talk/The session}
 {shows/explains/compares} {how we moved to/three ways to test/what we learned from} {data pipelines/design
 systems/remote teams/open source/search}. | {Examples/Numbers/Mistakes} from <2-9> {projects/teams/years}. | You
 leave with {a checklist/working code/questions to ask your team}. | No prior knowledge needed.
audience_level [proposal talk session]: beginner | intermediate | advanced | all
session_type talk_type [session@event talk proposal@event @event]: talk | workshop | keynote | panel | lightning talk
recording_status: not recorded | recorded | edited | published
equipment_needed equipment: projector | microphone | flip chart | none | two screens
how_did_you_hear: friend | newsletter | social media | search engine | last year | poster
expectations learning_goals: {Learn about/Compare/Get started with} {testing/data pipelines/design systems/leadership}
 | Meet {people/customers/former colleagues}
job_function job_area: engineering | marketing | management | research | design | operations
arrival_method travel_mode: train | car | plane | bicycle | public transport
travel_needs travel_requirements: none | hotel for two nights | visa letter | train ticket | flight from
 {Boston/Oslo/Madrid}
accessibility_requirements: none | wheelchair access | sign language | seat near the stage
hashtag: #{data/design/python/open/health}{conf/summit/days}<24-26>
pronunciation name_pronunciation: {AN-na/ma-REE-a/YO-nas/si-OR-sha/HA-nah} {LEE/SMITH/mül-er/o-NEEL}
github: {ann/ben/clara/leo/nora}{-/}{codes/dev/builds}<1-99>
prior_presentations previous_talks: none | {PyCon/local meetup/company tech day} 202<2-4>
booth_number booth stand_number: {A/B/C}<1-60>
banner_dimensions print_size: 2 x 1 m | 85 x 200 cm | 3 x 2.5 m
swag_description giveaway giveaways: {Stickers/Tote bags/Mugs/T-shirts/Notebooks} {for <50-400> people/with logo}
package sponsorship_level [sponsor sponsorship]: bronze | silver | gold | platinum | media partner
name ticket_name [ticket_type@event ticket_type]: {Early Bird/Regular/Student/VIP/Workshop} {Ticket/Pass}
perks benefits included [ticket_type ticket@event sponsorship]: lunch | workshop seat | front rows | recordings |
 speaker dinner
access_level [ticket_type ticket@event badge]: main stage | all tracks | workshops | backstage
refund_policy return_policy: +1-2 Full refund until <14-60> days before. | No refunds, transfer possible. | 50% until
 <7-14> days before.
duty volunteer_role duties [volunteer]: registration desk | room host | wardrobe | catering | microphone runner
favorite_moment highlight: the {opening/live demo/discussion/workshop/panel}
wifi_password wifi_key guest_password: {harbor/lantern/meadow/orchard}-<#4>
finish surface_finish surface_treatment: polished | brushed | painted | galvanized | anodized | untreated
disposition: use as is | rework | scrap | return to supplier
reason_code downtime_code stop_code [downtime machine stop @factory]: {SET/MAT/TOOL/ELEC/QUAL/CLEAN}-<1-9><#1>
reason_text reason [downtime machine stop @factory]: {Setup/Tool change/Material shortage/Sensor
 fault/Cleaning/Quality stop}{/, waiting for maintenance/, operator called}
countermeasure spare_part_used [downtime machine @factory]: {sensor/drive belt/fuse/tool/filter}
 {replaced/cleaned/adjusted}
name machine_name [machine@factory equipment@factory]: {Lathe/Press/Mill/Robot/Conveyor/Packer/Oven} <1-24>
machine_type [machine@factory @factory]: lathe | milling machine | press | robot | conveyor | injection molding
name line_name [production_line]: {Assembly/Packaging/Painting/Welding/Filling} Line <1-9>
product_family product_line [production_line material product@factory]: {pumps/valves/housings/gears/panels}
 {small/large/series <1-9>}
coolant coolant_type: water | emulsion 5% | oil | none
plc_type controller_type: {SX/PL/CN}-<#3>
operating_manual manual documentation: manual-<#5>.pdf
material_group commodity_group: fasteners | castings | electronics | packaging | raw material
procurement_type: in-house | purchased | subcontracted
storage_class [material]: 10-13 | 3 | 8A | 12
assembly_note [bom]: {Torque <2-80> Nm/Grease before fitting/Align to the pin/Use glue <10-90>}.
op_name operation_name step_name: Cutting | Turning | Milling | Deburring | Welding | Assembly | Packing
tool_no tool_number: T<1-240>
nc_program program_no: O<#4>
work_instruction [operation]: {Clamp/Measure/Deburr/Clean} {part/edge/surface} {before/after}
 {milling/drilling/welding}.
shortage_note shortage: {<2-40> pcs missing/Delivery on <2-28> {May/June}/Rest from line <1-9>}
packaging_spec packaging_instruction: {<4-48> per box/<1-4> boxes per pallet}, {film/foam/cardboard}
customer_order customer_order_no: ORD-202<3-5>-<#6>
routing routing_code [production_order @factory]: RT-<#4>
characteristic quality_characteristic: diameter | length | flatness | roughness | hardness | torque
gauge measuring_device: caliper | micrometer | CMM | go/no-go gauge
unit [quality_check inspection@factory]: mm | µm | Nm | HRC | N
alarm_code [sensor_reading machine @factory]: A<#4>
alarm_text alarm_message: {Overtemperature/Low pressure/Door open/Drive fault/Coolant low} {spindle/axis X/axis
 Z/pump/}
order_type [maintenance_order work_order]: preventive | corrective | inspection | calibration
short_text title subject [maintenance_order]: {Replace/Check/Repair/Calibrate} {bearing/pump/sensor/belt/valve}
long_text description details [maintenance_order]: {Noise/Leak/Heat/Wear} at {bearing/pump/gearbox/valve}, {stop
 planned on {Monday/Friday}/part ordered/machine runs at <50-90>%}.
craft [maintenance_order work_order]: mechanical | electrical | hydraulic | automation
failure_cause: wear | overload | lubrication | corrosion | operation
lockout_tagout loto: required | not required
top_losses main_losses: {setup/minor stops/material/quality} <5-90> min, {setup/minor stops/material/quality} <5-60>
 min
shift_model: two shifts | three shifts | 4-on-4-off | day shift
iso_certificates certificates quality_certificates [plant supplier company]: ISO 9001 | ISO 14001 | ISO 45001 | IATF
 16949
energy_mix: <20-60>% grid, <40-80>% solar | 100% renewable
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
message body text [reminder]: +1-2 {Your/The} {appointment/payment/renewal/document} is due {on Monday/on <2-28>
 {May/June/October}/next week/tomorrow}. | Please {confirm/call us/bring the documents/pay} {by <2-28>
 {March/June/September}/by Friday/before the visit}.
response [reminder invitation survey_invitation]: confirmed | no answer | rescheduled | declined
license_state bar_state issuing_state issued_state registration_state plate_state: AZ | CA | CO | FL | GA |
 IL | MA | MI | MN | NC | NJ | NY | OH | OR | PA | TX | VA | WA
birth_place birth_city birth_place_city: {city}
location home_location [account user profile @person]: {Berlin, Germany/Lyon, France/Austin, TX/Leeds, UK/Toronto,
 Canada/Porto, Portugal/Denver, CO/Ghent, Belgium}
meta_description seo_description og_description search_description: {post_sentence}
installer installer_name installed_by_company contractor_name service_company service_partner:
 {Harbor/Keystone/Linden/Summit/Parkside/Northern} {Services/Electric/Solar/Installations}
operator operator_name operated_by operating_company: {Harbor/City/Northern/Linden/Summit} {Operations/Services/Group}
reader_name meter_reader: {first_name} {last_name}
rules house_rules_text code_of_conduct: +2-3 {Be/Stay} {polite/on time/on topic}. | {Questions/Changes/Complaints} go
 to {the office/the organizer/support}. | {Late entries/Guests/Substitutions} {are allowed/need approval} {until
 <2-28> {May/June/October}/until noon}.
firmware firmware_build software_version app_version client_version build_version agent_version driver_version
 min_runtime_version protocol_version schema_version api_version: <1-9>.<0-14>.<0-9>
serial_range: <#6>-<#6>
file_path photo_path image_path attachment_path artifact_path path [photo image document attachment file report]:
 /uploads/202<4-5>/<#2>/<x10>.{jpg/pdf/png}
license_spdx spdx spdx_id: MIT | Apache-2.0 | GPL-3.0-only | BSD-3-Clause | MPL-2.0 | ISC
"""
SLOTS = """

"""
