"""Words and phrases of airlines, railways, car rental and tours.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
name rate_plan_name plan_name [rate_plan@hotel rate_plan room_rate rate@hotel]: {Flexible/Non-refundable/Breakfast/
 Weekend/Early Bird/Corporate/Advance Purchase/Half Board/Long Stay} Rate
code rate_code rate_plan_code [rate_plan@hotel rate_plan]: {BAR/NRF/BB/WKD/EBD/COR/HB}<1-9>
description [rate_plan@hotel rate_plan]: {Breakfast included/Room only/Half board}, {free cancellation until <1-7> days
 before arrival/no refund/pay at the hotel}{, minimum stay <2-5> nights/}.
number room_number ^no room_no [room@hotel room@medical room@school room]: <1-6>{0/1/2}<1-9>
registration aircraft_registration tail_number tail_no [aircraft plane jet]: N0<#3><A1>
manufacturer maker make [aircraft aircraft_type plane]: Airbus | Boeing | Embraer | ATR | Bombardier
model aircraft_model [aircraft aircraft_type plane]: A319-100 | A320neo | A321neo | A330-300 | A350-900 | 737-800 |
 737 MAX 8 | 787-9 | 777-300ER | E190 | E195-E2 | ATR 72-600
icao_type aircraft_type type_code [aircraft aircraft_type flight plane]: A319 | A20N | A21N | A333 | A359 | B738 |
 B38M | B789 | B77W | E190 | AT76
engine_type engine engine_model [aircraft aircraft_type plane]: CFM56-7B | LEAP-1A | GE90-115B | Trent XWB | PW1100G |
 PW127M
nickname name aircraft_name [aircraft plane]: {Spirit/City/Pride} of {Hamburg/Denver/Lyon/Oslo/Porto/Vienna/Seattle}
livery paint_scheme: standard | retro | alliance | special anniversary | plain white
wifi_provider connectivity_provider: {Example/Sample/Skylink/Northern} {Air/Sat/Connect}
seat_number seat_no seat_assigned seat [boarding_pass boarding flight passenger ticket@air booking@air]:
 <1-34>{A/B/C/D/E/F}
boarding_group boarding_zone: {1/2/3/4/5/A/B/C}
booking_class fare_class rbd: {Y/B/M/H/Q/K/L/J/C/F}
fare_basis fare_basis_code: {Y/M/Q/K/L}{LOW/FLX/STD/OW/RT}{<1-9>/M/W}
fare_type fare_family: basic | light | classic | flex
cabin cabin_class travel_class class_of_service [booking ticket flight pnr seat @air]: economy | premium economy |
 business | first
ssr ssr_code ssr_codes special_service: WCHR | VGML | PETC | UMNR | BIKE | BLND | KSML | AVML
meal_preference meal_choice meal_type meal_code: regular | vegetarian | vegan | kosher | halal | gluten-free | child
seat_preference: window | aisle | no preference | front | extra legroom
special_assistance assistance: none | wheelchair to gate | hearing loop | guide dog | unaccompanied minor
baggage_allowance luggage_allowance: 1 x 23 kg | 2 x 23 kg | cabin bag only | 1 x 32 kg
coupon_status: OPEN | CHECKED | BOARDED | FLOWN | REFUNDED | VOID
ticket_number eticket_number e_ticket_number [ticket@air @air]: 999<#10>
tag_number bag_tag baggage_tag luggage_tag: 0999<#6>
bag_type luggage_type baggage_type: suitcase | backpack | stroller | sports equipment | box
last_scan_location scan_location [baggage parcel bag]: check-in | sorting hall | make-up area | aircraft hold |
 arrivals belt | transfer desk
claim_description [baggage luggage]: +1-2 {Wheel/Handle/Zip/Lock} {broken/missing/torn}. | Suitcase {arrived late/did
 not arrive/is dented/is wet}.
endorsements [ticket@air pnr]: NONREF | NON END/REBOOKING FEE | VALID ON XQ ONLY | REFUNDABLE BEFORE DEPARTURE
delay_reason [flight train departure]: late arrival of the aircraft | air traffic control | weather | crew rotation |
 technical check | late passengers | baggage loading | de-icing
delay_code irregularity_code: {11/15/32/41/63/71/81/87/93/96}
terminal terminal_name [flight airport gate]: 1 | 2 | 3 | A | B | C
gate_number departure_gate arrival_gate boarding_gate: {A/B/C/D}<1-48>
baggage_belt carousel belt: <1-12>
route flight_route [flight flight_plan]: DCT {ABC/LIN/KOR/MAR/VEL/TUK}<1-9>{A/B} DCT | {UL/UM/N/UN}<100-990>
 {ABTAN/LIMRI/KONAN/SORAT/MILPA} {DCT/UL<100-900>}
rank crew_rank crew_position position role function [crew crew_member crew_assignment pilot flight_crew]: captain |
 first officer | purser | flight attendant | relief pilot
name [airport]: {Northfield/Harbor/Lakeside/Riverside/St. Martin/Kestrel} {International Airport/Airport/Regional
 Airport}
name [airline carrier@air]: {Blue/Coastal/Meridian/Polar/Summit} {Air/Airways/Wings/Airlines}
ata_chapter ata_code: {21/24/27/29/32/34/36/49/52/71/72/79}-<#2>
check_type [maintenance maintenance_record @air]: A check | B check | C check | line check | daily inspection
hangar hangar_name bay: {Hangar/Bay} <1-8>
defect_description defect squawk discrepancy: {^machine_part} {worn/cracked/leaking/loose/not responding/noisy/out of
 tolerance} {on the left side/on the right side/at inspection/after the last run/in position <1-6>}
corrective_action rectification [maintenance maintenance_record defect squawk]:
 {Replaced/Repaired/Tightened/Cleaned/Adjusted/Lubricated} the {machine_part}, {test run passed/checked for leaks/no
 further action/to be checked again in <2-12> weeks}.
part_name component component_name [maintenance maintenance_record spare @air @factory machine]: {^machine_part}
part_number part_no component_number oem_number: {<#3>-<#5>-<#2>/PN<#6>/<A2><#5>-<#1>}
iata_agency_no agency_number: 99<#6>
known_traveler_number traveler_number redress_number: 99<#7>
frequent_flyer_no frequent_flyer_id: XQ<#8>
booked_via sales_channel booking_source: website | mobile app | travel agency | call center | partner
vehicle_class car_class car_group category [rental car rental_car fleet_vehicle]: economy | compact | intermediate |
 standard | SUV | van | premium
pickup_branch return_branch pickup_station return_station dropoff_branch branch_name station [rental @air]:
 {Airport/Central Station/Downtown/Harbor/North} {Office/Branch/Desk}
rental_status: reserved | active | returned | overdue | cancelled
fuel_policy: full to full | full to empty | prepaid
mileage_policy mileage_limit_text: unlimited | 200 km per day | 1,000 km per week
insurance_option protection_package: basic cover | reduced deductible | full cover | none
damage_report damage_notes return_notes [rental vehicle inspection car]: +1-2 {Scratch/Dent/Stone chip/Stain} on the
 {front bumper/left door/rear seat/windshield/right mirror}, {<2-20> cm/as before/new}. | No new damage. |
 {Tank/Battery} {full/half full} at return.
itinerary tour_description [tour trip excursion]: +1-2 {^sight}, {sight} and {lunch/coffee/a short walk} {at/near} the
 {sight}. | {Morning/Afternoon/Evening} at the {sight}, then the {sight}.
name [excursion activity]: {Walking/Boat/Bike/Food/Night/Highlights} tour: {sight} | {^sight} {and {sight}/by
 night/for families}
title [tour excursion activity]: {Walking/Boat/Bike/Food/Night/Highlights} tour: {sight} | {^sight} {and {sight}/by
 night/for families}
tour_name [excursion activity trip]: {Walking/Boat/Bike/Food/Night/Highlights} tour: {sight} | {^sight} {and
 {sight}/by night/for families}
meeting_point pickup_point gathering_point: {Main entrance/Ticket desk/Fountain/Lobby/Clock tower/Bus stop/Café} {on
 the ground floor/at the square/near the station/on the left}
visa_type visa_category: tourist | business | student | work | transit
train_number train_no: {IC/RE/EC/RJ}<10-990>
platform track [train departure arrival stop]: <1-14>{/a/b}
coach carriage wagon [ticket seat booking]: <1-14>
"""
SLOTS = """
machine_part: hydraulic pump | fuel filter | landing light | brake pad | door seal | pressure valve | temperature
 sensor | drive belt | bearing | wiring harness | cooling fan | control panel | gearbox | actuator | oil pump | hose
 clamp | relay
sight: old town | harbor | cathedral | market hall | castle hill | botanical garden | lighthouse | river promenade |
 main gallery | sculpture court | city walls | viewpoint
"""
