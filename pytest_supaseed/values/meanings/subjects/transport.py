"""Words and phrases of transport and stock: shipments, vehicles, ships, warehouses, routes.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
description [tracking_event shipment_event]: {tracking}
declaration_number: 25DE<#12>M<#1>
goods_type: {goods}
name carrier_name [carrier courier haulier]: {Swift/Blue Arrow/Northern/Harbor/Summit/Polar/City/Redwood}
 {Freight/Logistics/Express/Parcel/Cargo/Lines}
carrier courier shipping_carrier carrier_name: {Swift/Blue Arrow/Northern/Harbor/Summit/Polar/City}
 {Freight/Logistics/Express/Parcel/Cargo}
shipper_name consignee_name consignor_name shipper consignee broker_name broker:
 {Alder/Beacon/Cedar/Harbor/Linden/Maple/Summit/Willow} {Trading/Foods/Textiles/Electronics/Supply/Machinery}
 {Inc./Ltd/GmbH/Co.}
name title [warehouse depot distribution_center hub terminal]:
 {North/South/East/West/Harbor/Airport/Riverside/Central} {Distribution Center/Warehouse/Depot/Hub}
name [port harbor]: Port of {port_city}
name vessel_name ship_name [vessel ship boat]: {vessel}
vessel_name ship_name [voyage cruise sailing port_call]: {vessel}
vessel_type ship_type type [vessel ship]: container ship | bulk carrier | tanker | ro-ro | general cargo
flag [vessel ship]: Panama | Liberia | Malta | Norway | Singapore | Bahamas
name title [route line trip]: {city} - {city} | {city} - {city} via {city}
code route_code [route line]: {R/L/N}-<100-480>
^origin ^destination ^departure ^arrival origin_city destination_city departure_city arrival_city start_location
 end_location from_location to_location pickup_location dropoff_location: {city}
origin_port destination_port port_of_loading port_of_discharge: {port_city}
current_location last_location location [tracking_event tracking shipment vehicle @transport]: {city}
 {Hub/Depot/Terminal/Airport/Port} | {city}
home_base base depot [driver vehicle]: {city}
commodity cargo_type goods [shipment cargo declaration @transport]: {goods}
goods_description cargo_description description [declaration customs_declaration commodity cargo shipment]: {goods},
 {in boxes/on pallets/in drums/in crates} | {New/Used/Spare/Assorted} {goods}
description [tracking scan]: {tracking}
event_code status_code [tracking_event tracking scan]: PU | IT | OD | DL | EX | CC | AR | DP
event_type [tracking_event tracking scan shipment_event]: picked_up | departed | arrived | out_for_delivery |
 delivered | customs_cleared | exception
source data_source [tracking_event tracking scan reading @transport]: gps | scanner | driver app | edi | api
incoterm incoterms: EXW | FCA | FOB | CIF | CPT | DAP | DDP
mode transport_mode shipping_mode [shipment @transport]: road | rail | sea | air
freight_class: 50 | 60 | 70 | 85 | 100 | 125
hazmat_class hazard_class dangerous_goods_class: 3 | 4.1 | 5.1 | 6.1 | 8 | 9
clearance_state: cleared | pending | held | released
hold_reason [customs customs_declaration shipment]: {missing documents/random inspection/value in question/wrong
 code/unpaid duty}
failure_reason [stop delivery shipment]: {nobody at home/address not found/refused by the recipient/business
 closed/access blocked/damaged parcel}
stop_type: pickup | delivery | break | fuel
instructions driver_instructions notes special_instructions [stop delivery route]: {delivery_note} | {Dock/Gate/Ramp}
 <1-24>, {report at the office/call on arrival/use the rear entrance}.
vehicle_type body_type [vehicle carrier driver]: truck | van | trailer | box truck | refrigerated truck
name [vehicle truck]: {Truck/Van/Trailer} <10-480>
fuel_type fuel: diesel | petrol | electric | hybrid | CNG
license_class license_category: B | C | CE | C1 | D
service_types services [carrier]: LTL | FTL | express | intermodal | last mile | cold chain
iso_type container_type [container shipment @transport]: 22G1 | 42G1 | 45G1 | 22R1 | 45R1 | 22U1
bin_location storage_location bin slot_code: {A/B/C/D}-<#2>-<#2>
cycle_count_notes count_notes: {Counted twice/One box open/Label missing/Matches the system/Two pieces short/Moved to
 bin {A/B}-<#2>}
unit_of_measure uom [inventory product item stock]: each | box | pallet | kg | case | roll
difficulty [route trail]: easy | moderate | hard
"""
SLOTS = """
vessel: {MV/MS} {Northern/Ocean/Pacific/Baltic/Golden/Atlantic} {Star/Spirit/Horizon/Pearl/Trader/Voyager}
city: Hamburg | Rotterdam | Antwerp | Chicago | Denver | Atlanta | Leeds | Lyon | Milan | Vienna | Prague | Seattle |
 Toronto | Madrid | Gdansk | Basel | Houston | Malmo
port_city: Rotterdam | Antwerp | Hamburg | Valencia | Genoa | Singapore | Busan | Oakland | Savannah | Santos | Durban
 | Gothenburg
goods: machine parts | cotton shirts | ceramic tiles | coffee beans | bicycle frames | LED lamps | frozen vegetables |
 paper rolls | medical gloves | wooden furniture | steel bolts | ceramic mugs | olive oil | solar panels | books |
 toys | tires | paint
tracking: {Picked up/Arrived/Departed/Sorted/Scanned} at {city} {hub/depot/terminal/airport} | Out for delivery in
 {city} | Delivered to {recipient/neighbor/reception/mailbox} in {city} | {Customs cleared/Held by customs} in {city}
 | {Delayed/Rerouted} {due to weather/due to traffic/via {city}}
"""
