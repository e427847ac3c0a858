"""Words and phrases of construction, factories, energy and telecommunications.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
trade craft discipline [@construction subcontractor contractor punch_item work_package crew]: electrical | plumbing |
 HVAC | carpentry | masonry | roofing | painting | drywall | concrete | steel
discipline [drawing rfi]: architectural | structural | electrical | mechanical | civil
name title project_name [project@construction construction_project site@construction building_project]:
 {Harbor/Linden/Riverside/Station/Oakwood/Mill} {Tower/School Extension/Office Park/Bridge
 Repair/Housing/Clinic/Warehouse/Parking Garage}
project_type building_type structure_type: residential | office | school | hospital | warehouse | infrastructure |
 renovation
client_type [client@construction client]: private | public | developer | institution
contract_type [project@construction contract@construction]: lump sum | unit price | cost plus | design-build | GMP
site_address work_address service_address property_address: <2-980> {Cedar/Mill/Station/Harbor/Oak/Park}
 {Street/Avenue/Road}
credit_rating credit_grade: AAA | AA | A | BBB | BB | B
wbs_code wbs cost_code: <1-9>.<1-9>.<1-14>
title name [work_package activity@construction phase@construction]: {^building_part}
 {installation/works/removal/repair/finishing}
scope scope_of_work work_scope [work_package contract@construction change_order @construction]: {Supply and
 install/Demolish/Repair/Paint/Insulate} {building_part} on {level <1-9>/the {north/south} side/all floors}{./,
 including testing./, scaffold by others.}
predecessor predecessors depends_on: <1-9>.<1-9>FS | <10-90>SS+<2-9>d | <10-90>
constraint_type: as soon as possible | start no earlier than | finish no later than | must start on
name material_name title [material raw_material]: Concrete C30/37 | Rebar B500B | Plywood 18 mm | Gypsum board 12.5 mm
 | Mineral wool 160 mm | Clay brick | Steel beam HEB 200 | Copper pipe 22 mm | PVC conduit 25 mm | Roof tile | Float
 glass 6 mm
specification spec [material part component]: {EN 206/EN 10080/ASTM A36/ISO 9001/DIN 18180/EN 13162}{/, {grade A/class
 2/type II}}
grade material_grade steel_grade quality_grade: A | B | C30/37 | S235 | S355 | 304 | 316L | Class 1
fire_rating fire_class: A1 | A2 | B | EI30 | EI60 | EI90
csi_division masterformat: 03 Concrete | 04 Masonry | 05 Metals | 06 Wood | 07 Thermal Protection | 08 Openings | 09
 Finishes | 22 Plumbing | 26 Electrical
hazard_statement hazard_code h_statement: H225 | H302 | H315 | H318 | H335 | H412 | none
delivery_note_no delivery_note_number packing_slip_no: DN-<#6>
truck_plate vehicle_plate trailer_plate: {X/Q/Z}<A2>-0<#3>
storage_area laydown_area yard: {North/South/East} yard | Container <1-9> | Level <1-4> | Hall {A/B}
inspection_result test_result qc_result check_result inspection_status: passed | passed with remarks | failed |
 pending
rejection_reason [material_delivery delivery@construction batch lot inspection]: {wrong size/damaged packaging/slump
 too high/certificate missing/wrong grade/past the expiry date}
weather weather_conditions weather_condition conditions_weather sky: sunny | partly cloudy | overcast | light rain |
 rain | snow | windy | fog
work_done work_performed findings [field_job meter@energy]: {Meter/Seal/Relay/Terminal/Antenna}
 {replaced/checked/tightened/cleaned}{./, reading <#5>./, customer informed./, photo taken.}
work_performed work_done work_completed tasks_completed [daily_log log@construction job service @construction]: +2-3
 {Poured/Formed/Reinforced} {the slab/columns/the wall} {on level <1-9>/in axis {A/B/C}<1-9>}. | Installed
 {building_part} {on the {north/south} side/on level <1-9>}. | {Cleaned/Secured/Surveyed} the
 {site/excavation/scaffold}.
equipment_on_site machines_on_site: tower crane | excavator | concrete pump | scaffold lift | roller | loader
equipment_type machine_type asset_type [equipment machine asset@construction]: excavator | wheel loader | tower crane
 | forklift | compactor | generator | scissor lift
delays delay_notes delay_cause: none | {Rain/Wind/Frost} from <7-11> am | {Delivery/Crane/Inspector} {late/not on
 site/down} for <1-6> hours
visitors site_visitors: none | {Architect/Client/Inspector/Safety officer} at <9-11> am
safety_observations safety_notes toolbox_talk safety_briefing: {Helmets/Gloves/Harnesses} worn{./, two reminders./ by
 all.} | {Guardrail/Ladder/Cable/Opening} {secured/replaced/marked}. | Talk about {ladders/noise/dust/lifting/electric
 shock}.
make manufacturer maker brand [equipment machine tractor crane]: {Alder/Cascade/Halcyon/Lodestar/Granite/Kestrel}
 {Machines/Works/Equipment}
model model_number [equipment machine tractor crane pump]: {EX/WL/TC/FL/GX/PM}-<#3>{/A/S/Pro}
subject title [rfi]: {^building_part} {at/near} {axis {A/B/C}<1-9>/level <1-9>/the stairs/the entrance} |
 Clarification of {building_part}
question [rfi]: {Which/What} {thickness/finish/fire rating/fixing} is required for the {building_part}? | Drawing and
 specification differ for the {building_part}, which one governs? | May we {move/lower/replace} the {building_part}?
answer response [rfi]: +1-2 {Use/Follow} {the drawing/the specification/detail <2-40>}. | {Approved/Not approved}, see
 sketch <10-90>. | {<10-90> mm/EI60/Class 2/Stainless steel} as shown on {sheet/detail} {A/S/M}-<100-480>.
drawing_ref drawing_number sheet_number drawing_no: {A/S/E/M/C}-<100-480>
title sheet_title drawing_title [drawing sheet plan_sheet]: {Floor Plan/Ceiling Plan/Elevation/Section/Detail} {Level
 <1-9>/North/South/{A-A/B-B}/Stairs}
spec_section specification_section: <#2> <#2> <#2>
revision rev revision_level [drawing document@construction sheet bom material]: {A/B/C/D/0/1/2/3}
scale drawing_scale map_scale: 1:20 | 1:50 | 1:100 | 1:200 | 1:500 | 1:1000
sheet_size paper_size page_size: A0 | A1 | A2 | A3 | A4
issued_for issue_purpose: construction | tender | approval | information | as built
rfi_number: RFI-<#3>
co_number change_order_number: CO-<#3>
reason change_reason [change_order change_request engineering_change]: owner request | design error | site condition |
 code requirement | value engineering | delay
business_justification: +1-2 {Needed/Required} {by the fire marshal/for the permit/after the soil report/to keep the
 date/by the client}. | Saves <2-14> {days/percent}, {quality unchanged/approved by the engineer}.
justification business_justification [change_order change_request]: +1-2 {Needed/Required} {by the fire marshal/for
 the permit/after the soil report/to keep the date/by the client}. | Saves <2-14> {days/percent}, {quality
 unchanged/approved by the engineer}.
title name [change_order change_request]: {Add/Move/Delete/Upgrade} {building_part}
immediate_action first_aid: {First aid given/Area closed/Machine stopped/Ambulance called/Wound cleaned and dressed}
incident_type accident_type [safety_incident incident@construction accident injury@construction @construction]: fall |
 cut | struck by object | near miss | strain | electric shock
description details [safety_incident incident@construction accident]: +2-3 {Worker/Visitor/Driver} {slipped on {ice/a
 wet ramp/loose gravel}/cut a finger at the saw/was struck by a {board/pipe/hook}}. | {First aid on site/Taken to the
 doctor/No treatment needed}. | {Ladder/Cable/Opening/Scaffold} was not {secured/marked/inspected}.
location_on_site site_location: {Level <1-9>/Basement/Roof/North gate/Crane area/Stair {A/B}/Yard}
root_cause cause [safety_incident incident@construction accident]: {missing guardrail/no gloves/wet floor/poor
 lighting/time pressure/unclear instruction}
corrective_action preventive_action [safety_incident incident@construction nonconformity audit]: {New
 guardrails/Toolbox talk/Signs/Better lighting/Daily inspection/Training for the crew} {by Friday/from
 Monday/completed}.
defect defect_description [punch_item snag inspection@construction]: {^building_part} {scratched/not
 level/missing/leaking/cracked/wrong color/not sealed}
defect_type defect_code nonconformity_type failure_mode: scratch | dent | wrong dimension | missing part | crack |
 contamination | loose screw
work_center workstation machine_name line production_line station [@factory production operation]:
 {Line/Cell/Press/Lathe/Robot} <1-12>
operation operation_name process_step [routing operation@factory production @factory]: cutting | drilling | milling |
 welding | painting | assembly | packing | inspection
shift_name shift [production @factory]: early | late | night
product_code item_code sku_code [production bom @factory]: {ASM/CMP/FG/RM}-<#5>
scrap_reason reject_reason downtime_reason stop_reason [production machine downtime @factory]: tool wear | setup |
 material shortage | sensor fault | operator error | power failure | cleaning
bom_level: 0 | 1 | 2 | 3
machine_status equipment_status: running | idle | setup | down | maintenance
customer_class customer_segment rate_class: residential | commercial | industrial | public
billing_preference invoice_delivery delivery_preference: paper | e-mail | online portal
meter_number meter_serial meter_no: MTR-<#8>
meter_type: smart | analog | prepaid | three-phase | bidirectional
manufacturer [meter inverter charger panel sensor]: {Alder/Halcyon/Kestrel/Lodestar/Northern}
 {Metering/Electric/Power}
model panel_model inverter_model [meter inverter charger panel solar]: {SM/INV/PV/EC}-<#3>{/A/X/Plus}
accuracy_class: 0.2S | 0.5S | 1.0 | 2.0
communication communication_type communication_protocol: PLC | GPRS | LoRaWAN | NB-IoT | wired M-Bus
location_in_building meter_location: {Cellar/Hallway/Meter cabinet/Garage/Utility room} {left/right/ground floor/}
quality_flag reading_quality data_quality: valid | estimated | suspect | missing
read_type reading_type: automatic | manual | estimated | customer
anomaly_note anomaly: none | {Spike at <1-11> {am/pm}/No load for <2-9> hours/Reverse flow/Reading below the previous
 one}
name tariff_name [tariff rate_plan@energy energy_plan]: {Green/Basic/Flex/Night/Family/Fix} {Power/Energy/Tariff}
 {/Plus/12/24}
code tariff_code [tariff rate_plan@energy]: {GRN/BAS/FLX/NGT}-<#2>
description [tariff rate_plan@energy energy_plan]: {Fixed price/Dynamic price/Lower price at night} for {12/24}
 months{, 100%
 renewable/, no standing charge/, with a smart meter}.
peak_hours peak_window on_peak: 07:00-21:00 | 08:00-20:00 | 16:00-21:00
time_window appointment_window delivery_window arrival_window time_slot: 08:00-10:00 | 10:00-12:00 | 12:00-14:00 |
 14:00-16:00 | 16:00-18:00
orientation facing roof_orientation exposure [solar solar_installation panel house @estate]: south | south-east |
 south-west | east | west
name [substation]: {North/South/Harbor/Mill/Airport/West} Substation
code [substation feeder]: SS-<#3>
cause cause_code [outage power_outage]: storm damage | cable fault | tree contact | planned work | transformer failure
 | animal contact | overload
public_message customer_message announcement [outage]: +1-2 {Power/Service} is {interrupted/restored} in {North
 Hill/Riverside/West End/Old Town}. | Crews are {on site/on the way}, {expected/planned} until <1-11> pm.
internal_log operations_log [outage]: +1-2 {Feeder/Breaker/Switch} <1-40> {opened/closed/tested} at <1-12>:<10-59>. |
 {Crew/Dispatcher} reports {broken insulator/damaged cable/clear line}.
crew_name crew team_name [outage field_job crew]: {Line/Cable/Night/Service} crew <1-12>
weather_event: storm | heavy snow | heat wave | flood | lightning | none
job_type [field_job work_order service_call]: installation | replacement | inspection | repair | disconnection |
 reading
job_number job_no work_order_no work_order_number: WO-202<3-5>-<#5>
operator_name machine_operator [equipment machine vehicle crane@construction tractor]: {first_name} {last_name}
tac [device phone handset]: 00<#6>
van_number vehicle_number fleet_number unit_number [field_job vehicle fleet]: {V/T}-<#3>
materials_used parts_used materials [field_job service work_order repair]: {cable <2-20> m/fuse <6-63> A/seal/terminal
 block/screws/meter board}
customer_signature signature_name: {first_name} {last_name}
comparison_text usage_comparison: <2-28>% {less/more} than {last year/the previous month/similar homes}
mandate_reference sepa_mandate mandate_id: MND-<#8>
evse_id: ZZ*XQX*E<#6>
connector_type plug_type: Type 2 | CCS | CHAdeMO | NACS | Schuko
ocpp_version: 1.6J | 2.0.1
parking_notes parking_info: {Two/Four} spaces {next to the entrance/on level -1/behind the store}, {max. <2-4>
 hours/free for customers/barrier opens with the card}.
stop_reason session_end_reason [charge_session charging_session]: unplugged | full | remote stop | time limit | power
 loss
auth_method authorization_method [charge_session charging_session session@energy charger @energy]: RFID | app | plug
 & charge | credit card
rfid_uid card_uid nfc_uid: 04<X12>
vehicle_model ev_model car_model: {e-/}{Octavia/Golf/Kona/Leaf/Zoe/Corsa} {EV/Electric/}
msisdn subscriber_number calling_number called_number caller callee caller_number: 1{202/212/312/415/503/617}55501<#2>
puk_code puk: <#8>
network_operator mobile_network donor_operator recipient_operator roaming_network carrier_network home_network:
 {Example/Sample/Northern/Blue/Skyline} {Mobile/Telecom/Wireless}
plan_name name [tariff_plan@telecom data_plan mobile_plan plan@telecom tariff@telecom]:
 {Mobile/Smart/Unlimited/Flex/Family/Prepaid} {S/M/L/XL/10 GB/25 GB/5G}
plan_code: {MOB/FLX/FAM/PRE/BIZ}<#3>
plan_type: prepaid | postpaid | hybrid | data only
roaming_zone rate_zone tariff_zone fare_zone: zone 1 | zone 2 | EU | world | domestic
network_generation radio_technology technology rat_type rat access_technology [tower cell data_session plan@telecom
 @telecom]: 2G | 3G | 4G | 5G NSA | 5G SA
marketing_text teaser_text promo_text: {Surf/Stream/Call} {without limits/in the whole EU/with <10-90> GB}{, cancel
 monthly/, first month free/, no activation fee}.
site_code [tower cell_tower cell_site @telecom]: {NTH/STH/EST/WST}<#4>
site_name name [tower cell_tower cell_site]: {Water Tower/Town Hall/Hillside/Station/Stadium/Church Hill}
 {North/South/East/}
mcc [@telecom tower cell]: 999
mnc [@telecom tower cell]: 0<#1> | 99
backhaul_type backhaul: fiber | microwave | copper
call_type [call call_record cdr]: voice | video | voicemail | emergency | conference
termination_cause hangup_cause disconnect_reason release_cause: normal clearing | user busy | no answer | network
 congestion | radio link lost | inactivity timeout
codec voice_codec [call cdr call_record]: AMR-NB | AMR-WB | EVS | G.711 | Opus
access_point_name: internet | ims | iot.example | corporate.example
porting_code transfer_code: PAC<#6>
rejection_code [number_porting porting]: {AC01/AC05/AC07/SP02/SP04}
rejection_reason [number_porting porting]: account number does not match | number is inactive | contract still running
 | wrong PIN
symptom symptoms issue_description [trouble_ticket ticket@telecom @telecom]: no signal indoors | slow data | calls
 drop | no internet | SMS not delivered | voicemail not reachable
affected_service service_affected impacted_service: voice | mobile data | SMS | broadband | TV | VPN
root_cause cause [trouble_ticket network_outage outage@telecom @telecom]: fiber cut | power failure at the site |
 hardware fault | configuration error | congestion | interference
resolution fix [trouble_ticket @telecom]: {Cell/Router/Profile/SIM} {restarted/replaced/reset/reprovisioned}{./, speed
 test passed./, customer confirmed.}
description [trouble_ticket @telecom]: +2-3 {No/Weak/Unstable} {signal/connection/data} {at home/in the office/since
 {Monday/the update/the move}}. | {Calls/Downloads/Video calls} {drop/stop} after <2-20> {minutes/seconds}. |
 Restarting the {phone/router} {did not help/helps for an hour}.
outage_type: unplanned | planned | partial | degraded
detected_by: monitoring | customer reports | field staff | vendor
post_mortem postmortem incident_summary: +2-3 {Fiber cut/Power failure/Faulty card/Wrong configuration} at <1-12>
 {am/pm}, {traffic rerouted/backup power held <2-9> hours}. | {Spare part/Second route/Alarm threshold}
 {ordered/added/changed}.
customer_segment segment [subscriber customer client]: consumer | small business | enterprise | public sector
credit_class: A | B | C | D
locked_to sim_lock: none | {Example/Sample/Northern} Mobile
brand [device@telecom phone handset]: {Alder/Halcyon/Kestrel/Lodestar} Mobile
payment_channel paid_via collection_channel: bank transfer | direct debit | card | online banking | cash office
pdf_path document_path file_key: /bills/202<4-5>/<#2>/<x10>.pdf
verification_method id_check: ID card | passport | PIN | video ident | security question
reason [sim_swap sim_change device_swap]: lost phone | damaged SIM | upgrade to eSIM | new device | stolen
agent_id agent_code: AG-<#4>
store_location shop_location: {Main Street/Central Station/Airport/City Mall/Harbor} {Store/Shop}
"""
SLOTS = """
building_part: fire doors | suspended ceiling | stair railing | ventilation duct | roof insulation | floor tiles |
 windows | partition walls | cable tray | sprinkler pipes | facade panels | elevator shaft | concrete slab |
 waterproofing
"""
