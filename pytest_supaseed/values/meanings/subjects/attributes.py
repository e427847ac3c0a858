"""Words of attributes that things of any subject have: materials, forms, places, parts, reasons, technical names.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`. They serve where neither a subject nor a meaning knows a column's name,
so that a wide word such as *source* may stand among them.
"""

NAMES = r"""
received_from obtained_from acquired_from bought_from purchased_from borrowed_from inherited_from referred_from
 released_to delivered_to handed_to given_to sold_to sent_to transferred_to lent_to loaned_to addressed_to billed_to
 shipped_to donated_to leased_to rented_to payable_to reported_to: {first_name} {last_name} |
 {Harbor/Summit/Linden/Northern/Coral/Meridian} {Group/Services/Works/Trading/Partners}
shipped_from departed_from arrived_from transferred_from moved_from imported_from exported_to travelled_to:
 {Hamburg/Lisbon/Oslo/Porto/Antwerp/Boston/Halifax/Leeds}
river stream creek lake water_body receiving_water: River {Alder/Lea/Stour/Mersey/Wye} | {Mill/Stony/Beaver/Clear} Creek
parameter param param_name parameter_name: {nitrate/ammonium/phosphate/pH/conductivity/oxygen/temperature/turbidity}
part component module assembly spare: {front/rear/left/right/upper/lower} {cover/panel/bracket/door/wheel/handle} |
 {hinge/lid/cable/seal/filter/bearing/valve/housing/motor}
material fabric finish surface coating casing: {oak/steel/aluminum/cotton/wool/glass/ceramic/leather/plastic/
 paper/granite/copper/linen/rubber}
pattern motif: plain | striped | checked | dotted | floral
shape form: round | square | oval | rectangular | triangular
texture: smooth | rough | soft | grainy
style: classic | modern | rustic | minimalist | traditional | industrial
scent aroma fragrance smell: citrus | lavender | vanilla | cedar | smoke | none
palate finish_notes nose bouquet tasting_notes: {ripe/dark/fresh/dried} {cherry/apple/plum/citrus}, {soft/firm/long/
 crisp} {finish/tannins/acidity}
flavor flavour taste: vanilla | chocolate | strawberry | lemon | caramel | mint | coffee
composition ingredients_list: <60-100>% {cotton/wool/linen/silk} | {steel/copper/tin} alloy | mixed materials
side hand position_side: left | right
orientation: portrait | landscape
direction heading bearing_text: north | east | south | west
angle view perspective: front | back | side | top | detail
zone sector quadrant: Zone {A/B/C/D} | {North/South/East/West} zone
area district quarter neighborhood neighbourhood locality: {Old Town/Harbor/Riverside/Hillside/Market
 Quarter/Northfield/Westend/Lakeside}
area_name service_area coverage_area catchment: {Greater/North/South/East/West} {Portland/Leeds/Austin/Bristol/Ghent}
places locations: {Old Town/Harbor/Station}, {Riverside/Market Square/North Gate}
lane track bay berth dock slip pier jetty quay mooring: {A/B/C}<1-24> | {North/South/East/West} <1-12>
stall pen kennel cage tank bench locker hangar booth table_no: {A/B/C/D}<1-40>
ward unit_name care_unit: {Cardiology/Surgery/Pediatrics/Oncology/Intensive Care/Maternity/Neurology}
wing block building tower house annex: {North/South/East/West} {wing/building/block} | Building {A/B/C/D}
landmark meeting_point gathering_point rendezvous assembly_point: {Main entrance/Parking lot/Fountain/Ticket office/Old
 bridge/Station hall}
destination final_destination port_of_call waypoint stopover: {Hamburg/Lisbon/Oslo/Bergen/Porto/Antwerp/Boston/Halifax}
origin provenance point_of_origin: {Portugal/Italy/Kenya/Japan/Norway/Peru} | {private/family} collection
region_of_origin appellation terroir: {Tuscany/Rioja/Mosel/Loire/Douro/Piedmont}
depot_name garage_name hub terminal yard base: {North/South/Harbor/Central/East} {depot/terminal/yard}
source: website | referral | import | manual entry | partner | phone call | newsletter
via through medium platform: e-mail | phone | website | app | post
method approach technique procedure_used: manual | automatic | by hand | by machine | standard procedure | sampling
mode operating_mode: manual | automatic | on demand | scheduled
strategy_used policy_used: first come, first served | by priority | in turn | nearest first
purpose goal objective aim intention occasion motive motivation: vacation | business | training | renovation | moving |
 a gift | an anniversary | personal use | research
audience target_group target_audience target_population: adults | families | students | professionals | beginners |
 seniors | everyone
theme themes topic_area focus focus_area focus_areas: {community/sustainability/mobility/health/history/nature/
 technology/education} | {local food/open data/fair work/clean water}
areas fields domains: {health/education/housing/energy}, {transport/culture/research/environment}
class grade_class category_class: A | B | C | D
variant option alternative edition_name: A | B | control | {compact/standard/large}
version_name release_name codename: {Alder/Birch/Cedar/Juniper/Maple/Rowan}
caliber calibre gauge: {small/medium/large} | <4-24> mm
condition_text state_of_repair wear: like new | good | worn | needs repair
trend tendency movement: rising | stable | falling
outlook forecast prognosis: good | fair | guarded | poor | open
weather weather_conditions sky: sunny | cloudy | light rain | windy | snow | clear
visibility_text lighting light_level: clear | hazy | dim | bright
terrain ground soil surface_type: asphalt | gravel | sand | clay | grass | rock
habitat biome vegetation: {beech/oak/pine} forest | meadow | wetland | river bank | dunes
crop cultivar grape: {wheat/barley/maize/rapeseed/oats} | {Riesling/Merlot/Pinot Noir}
origin_story legend: +1-2 {description}
significance importance_text impact relevance: {high/moderate/low/local/regional} | to be assessed
philosophy mission vision mission_statement values credo: {Good/Honest/Careful} {work/food/design/care} for
 {everyone/our neighbors/the next generation}. | {We bring people together/We make learning easy/We repair instead of
 replacing}.
highlights achievements accomplishments successes: {Opened a second site/Won a regional prize/Doubled the number of
 members/Finished ahead of time/Trained <4-40> volunteers}.
challenges difficulties obstacles issues problems weaknesses risks: {Few volunteers/Late deliveries/Rising costs/Old
 equipment/Short deadlines/High staff turnover}{, {little storage/long distances/bad weather}/}.
opportunities strengths advantages: {Loyal customers/Good location/Experienced team/Low costs/Short distances}{,
 {strong brand/room to grow}/}.
learnings lessons insights takeaways: {Start earlier next time/Talk to all sides first/Small groups work best/Plan a
 buffer/Test with real users}.
needs requirements needed prerequisites: {step-free access/power supply/two helpers/a signed form/a quiet room/a valid
 ticket}{, {water connection/a projector}/}
changes modifications amendments edits: {Shorter introduction/New prices/Corrected address/Updated figures/Two photos
 replaced/Typing errors removed}.
skills_text expertise specialization specialisation specialty speciality specialties expertise_area competence: {data
 analysis/carpentry/graphic design/wound care/contract law/pastry/welding/translation/teaching/gardening}
hobbies interests_text pastime: {reading/hiking/chess/cooking/cycling}, {music/gardening/swimming/photography}
allergies intolerances allergens: none | nuts | lactose | gluten | pollen | penicillin
languages spoken_languages languages_spoken: English, {German/French/Spanish/Italian/Dutch}
nationality_text ethnicity descent: {Irish/Polish/Spanish/Italian/Kenyan/Korean/Brazilian}
denomination faith confession rite: none | Catholic | Protestant | Orthodox | Jewish | Muslim | Buddhist
dress_code attire: casual | business casual | formal | black tie
diet dietary_preference meal_preference: vegetarian | vegan | halal | kosher | gluten-free | none
mood_text atmosphere ambience: calm | lively | festive | formal
instrument_played instruments: piano | violin | guitar | flute | drums | cello
discipline sport_type: {running/swimming/rowing/judo/tennis/climbing}
stroke technique_name: freestyle | backstroke | breaststroke | butterfly
tempo pace: slow | moderate | fast
mount rider_type seat_preference: window | aisle | front | back
hull rig sail: {sloop/ketch/catamaran/cutter}
propulsion drive drivetrain powertrain: electric | diesel | petrol | hybrid | sail
engine engine_type motor: {1.2/1.6/2.0} l {petrol/diesel} | electric, <50-150> kW
tool tools equipment_list gear_list equipment_needed: {drill/ladder/projector/scale/forklift/camera/tripod/pump}{,
 {cables/gloves/helmet/tape}/}
furniture furnishing inventory_list contents_list: {desk/bed/sofa/table}, {two/three/four} chairs
keyholder_place storage_place storage_location shelf_location: {Cabinet/Shelf/Drawer/Rack} {A/B/C}<1-9>
packaging wrapping pack_type: box | bag | pallet | crate | bottle | sachet
label badge sticker: new | sale | last items | bestseller | handmade
seal_text marking inscription engraving dedication: {For Anna/In loving memory/To the team of 2024/With thanks/Always
 in our hearts}
wording epitaph verse quote quotation: {Every day is a new beginning/Rest in peace/Still waters run deep/Home is where
 the heart is}.
greeting closing_phrase salutation_text: Hello | Dear all | Good morning | Kind regards | Best wishes
phrase keyword_text search_text search_term query_text: {red/small/cheap/used/best} {bicycle/desk lamp/apartment/
 running shoes/piano}
proof evidence exhibit supporting_document attachment_text documents paperwork: {receipt/photo/invoice/passport
 copy/signed form/bank statement/certificate}
disposition settlement resolution_text final_resolution outcome_note: {settled/returned to sender/replaced/repaid in
 part/closed without action/referred to the office}
criticality seriousness threat: low | medium | high
arrangement setup seating layout_text: rows | round tables | U-shape | theater | standing
ceremony service_type rite_type: civil | religious | private | memorial
custody guardian_status: joint | sole | shared
tenure ownership_type holding: freehold | leasehold | rented
access_notes parking_info directions: {Ring at the side door/Code at the gate/Parking behind the house/Second door on
 the left/Use the lift in the yard}.
coverage benefits_text inclusions included: {breakfast/parking/insurance/transfer/materials/cleaning}{,
 {Wi-Fi/tickets/drinks}/}
excluded not_included: {drinks/flights/tips/deposit/shipping}
response reply ack acknowledgement answer_text: {Yes, that works/No, thank you/We will get back to you/Accepted with
 changes/Not yet decided}.
question prompt query: {When/Where/How} {can I pick it up/is the next date/does it work/do I register}?
hint_text tip advice: {Bring/Keep/Check} {the ticket/your papers/the number} {first/with you/before you leave}.
fact trivia: {Built/Founded/First mentioned} in <1850-1990>.
result_note appearance description_short look: {clear/cloudy/clean/slightly worn/as expected/no visible damage}
odor smell_note: none | slight | strong
residue remains trace: none | traces | {paint/oil/dust}
schedule opening timetable hours_text shift_pattern roster availability: {Mon-Fri/Tue and Thu/Weekends/Daily}
 <8-11>:00-<14-20>:00
term duration_text length_text period lead_time notice_period: <2-30> days | <2-12> weeks | <2-12> months
since start_month season_text: {January/March/May/September/November} <2018-2025>
budget_range price_range price_level income_range amount_range: under 50 | 50-100 | 100-250 | 250-500 | over 500
age_range age_group age_band: 0-5 | 6-12 | 13-17 | 18-34 | 35-54 | 55+
size_range capacity_text dimensions measurements size_text: <10-90> x <10-90> x <5-40> cm
reading measurement measured result_value lab_value score_text: <1-90>.<#1>
range reference_range normal_range tolerance limits: <1-40>-<50-120> | 0.<#1>-<1-9>.0 | < <5-90>
dose dosage_text quantity_text amount_text portion serving: <1-4> {tablets/pieces/portions/ml/spoons}
rank_name title_held military_rank dan belt: {first/second/third} class | senior | junior
honor honors prize distinction medal: {gold/silver/bronze} medal | {first/second} prize | honorable mention
circuit course_name course track_name: {Hill/Lake/River/Forest/City} {course/loop/trail}
dish starter main_course dessert beverage drink: {tomato soup/roast chicken/green salad/apple tart/lemonade/espresso}
breed_name strain lineage: {Alpine/Highland/Coastal} {line/strain/type}
cause_of_death cause: {natural causes/illness/accident/unknown}
burial_plot plot grave: {Section/Row} {A/B/C/D}, {plot/no.} <1-240>
vehicle_used transport_mode conveyance: car | train | bus | bicycle | on foot | van
route itinerary path_text journey: {Boston/Lisbon/Oslo/Ghent/Leeds} - {Porto/Bergen/York/Antwerp/Salem}
consignment cargo_description load freight_description goods: {furniture/machine parts/coffee/timber/paper/textiles/
 tiles}, <2-40> {pallets/crates/boxes}
vessel boat craft ship vessel_name: {Aurora/Stella Maris/Northern Light/Sea Breeze/Albatross/Mary Ann}
aircraft_type plane_type: {A320/A350/737-800/787-9/E190}
award prize_name recognition: {Best Newcomer/Audience Award/Jury Prize/Employee of the Month}
charity cause_supported beneficiary_organization: {Food bank/Animal shelter/Youth club/Sea rescue/Library fund}
curriculum syllabus lesson_plan: {Basics and vocabulary/Practice in pairs/Reading and discussion/Review and test}
homework exercise assignment_text drill: Page <4-90>, {exercises/questions} <1-4> to <5-12>
repertoire piece program_notes setlist playlist_text: {Sonata/Suite/Nocturne/Waltz} in {A/C/D/E/G} {major/minor}
movement_name opus: {Allegro/Andante/Adagio/Presto}
genre_text subgenre: {indie/classic/modern/experimental} {drama/rock/fiction/jazz}
script dialect accent: {Latin/Cyrillic/Greek/Arabic} | {northern/southern/coastal}
era epoch dynasty century: {16th/17th/18th/19th/20th} century
school_of movement_of: {Baroque/Romantic/Modern/Impressionist}
legal_basis statute paragraph article_of_law: {Section/Article} <1-240>{ (<1-5>)/}
law jurisdiction governing_law venue_of_law: {New York/England and Wales/Delaware/Germany/Ontario}
citation authority precedent: <100-560> {F.3d/U.S./Cal.} <10-990> (<1985-2023>)
charge offense offence violation_text: {speeding/trespassing/theft/illegal parking/noise}
verdict ruling sentence judgment: upheld | dismissed | settled | fined
plea appeal motion: {guilty/not guilty/no contest} | motion to {dismiss/extend}
filing form_name document_title paper: {Application/Registration/Renewal/Consent} form {A/B/<2-9>}
frequency_text interval_text cycle recurrence_text: daily | weekly | every two weeks | monthly | yearly
fuel_grade octane: E5 | E10 | diesel | 95 | 98
voltage_class connector plug socket: Type 2 | CCS | Schuko | USB-C
signal protocol transport interface connection_type: https | mqtt | ssh | sftp | tcp
cable_type wiring: copper | fiber | coaxial
driver_version build_number revision rev: <1-9>.<0-20>.<0-9>
doc doc_number document_no: <2-9><#7>
aaguid: <x8>-<x4>-4<x3>-a<x3>-<x12>
p_256_dh auth_secret: <*43>
src cover_src image_src photo_src: https://example.com/images/<x8>.jpg
ocr_model_used ocr_models_used ocr_model llm_model ai_model embedding_model: tesseract-5 | docread-2 | vision-base |
 text-large
meta_canonical canonical: https://example.com/{about/products/news}
uid guid uuid unique_identifier external_uid: <x8>-<x4>-4<x3>-a<x3>-<x12>
sid verifier challenge nonce csrf proof_token session_key pushkey cursor handle_token: <*24>
hash digest checksum block_hash commit sha fingerprint_text thumbprint: <x40>
jid xmpp: {ann/ben/carla/omar/lena}<10-99>@chat.example.{com/org}
dn distinguished_name bind_dn: cn={reader/admin/sync},ou={people/services},dc=example,dc={com/org}
regex regexp pattern_text mask: ^[A-Z]{2}-\d+$ | ^\d{5}$ | ^[a-z0-9-]+$ | ^\w+@example\.com$
expression filter predicate where_clause rule formula: {status/type} = '{open/active/new}' | {amount/total/age} >
 <10-900>
xpath selector locator css_selector: //{div/table/section}[@id='{main/list/details}'] | .{main/list/details} > a
command cmd commandline command_line script_name entry_point: {backup/import/report/cleanup} --{all/verbose/dry-run}
argument arguments args flags switches: --{verbose/force/dry-run/all} | --limit <10-500>
db database db_name: {shop/crm/billing/reports}_{production/staging/test}
schema_name schema: public | reporting | archive
table target_table source_table relation table_name: customers | orders | products | payments | users
field column col attribute attr property changed_field: name | email | status | price | quantity | phone
datatype data_type column_type value_type: text | integer | date | boolean
server node machine_name instance backend host_group cluster: {web/db/cache/worker}-<1-9>.example.{com/net}
service microservice system systems subsystem: billing | search | login | reports | notifications | inventory
daemon process_name worker_name executable: {mail/index/sync/report} worker
network subnet network_name ssid: {main/guest/office/lab/backup} network
printer scanner output_device: Printer {A/B/C}<1-9>
template layout_name preset profile_name: welcome | reminder | receipt | confirmation | default
feature capability entitlement: exports | API access | single sign-on | reports | webhooks
endpoint_name hook event_hook trigger_name: on_{create/update/delete}
permission_name grant grant_type: read | write | admin
issuer certificate_authority issuing_ca issued_by_text: {Example/Sample/Test} {Root CA/Trust Services/Authority}
acr aal assurance_level: aal1 | aal2
origins allowed_origins: https://example.com | https://app.example.org
manifest spec specs specification_text: {v<1-4>/<2-9> parts/standard set/see drawing <10-99>}
json payload_text raw raw_data config_text: {}
xml markup: <note/>
yaml: enabled: true
sort_key sortkey collation: {alder/birch/cedar/maple/rowan}
prefix suffix affix: {A/B/C/X}{1/2/3}
shard partition_name bucket_name: shard_<1-16>
symbol ticker glyph: {ACM/BLX/CRD/DVN/ETX}
pair market instrument_name: {BTC/ETH/SOL}-{USD/EUR}
asset crypto coin: BTC | ETH | SOL | USDC
fiat payout_currency: EUR | USD | GBP
error errors failure_text fault: {timeout after <5-60> s/connection refused/file not found/value too long/permission
 denied}
warning warnings: {low disk space/slow response/deprecated option/missing translation}
ledger account_group book_name: {general/sales/purchase/cash} ledger
tax_class tax_code_text: {standard/reduced/zero} rate
accounting_code gl_code cost_element: <4-8><#3>
chain network_chain: mainnet | testnet
contact liaison: {first_name} {last_name}
group cohort_name squad_name set batch_name series: Group {A/B/C/D} | {Red/Blue/Green} group
list distribution_list mailing_list: {customers/newsletter/partners/staff} list
division section_name chapter_name part_name: {First/Second/Third} section | {North/South} section
element item_text unit_text: {first/second/third/last} element
sequence_name step_name phase milestone_name stage_text: {planning/preparation/execution/review/handover}
decision verdict_text conclusion_text: approved | rejected | postponed | approved with conditions
opinion view_text stance position_on: in favor | against | undecided
preference wish request_text wish_list: {quiet room/window seat/early slot/ground floor/vegetarian meal/morning
 appointment}
restriction limitation constraint: none | {adults only/no pets/no smoking/weekdays only}
rationale_text motive_text justification_text: {^reason}
exemption exception_text waiver: none | {medical/family/seasonal} reasons
action_text measure intervention remedy fix treatment_text therapy: {cleaning/rest/repair/new seal/training/follow-up
 visit/software update}
symptom symptoms complaint_text: {headache/cough/fever/fatigue/back pain/dizziness}{, {for <2-9> days/since Monday/at
 night}/}
finding_text observation_note abnormality: none | {slight/clear} {crack/discoloration/deviation/swelling}
fluid specimen_type sample_text: blood | urine | water | oil
species_name organism plant: {oak/beech/maple/robin/trout/honey bee}
predator pest disease_name: {aphids/mildew/rust/mites}
"""
