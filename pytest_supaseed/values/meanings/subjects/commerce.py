"""Words and phrases of shops, payments, banks, hotels and real estate.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
icon_url icon_image: https://example.com/icons/<x8>.svg
photos images gallery photo_urls image_urls pictures: https://example.com/images/<x8>.jpg
holder_name ticket_holder attendee_name signer_name signed_by: {first_name} {last_name}
source rate_source [exchange_rate currency]: ECB | central bank | market feed
edition [book]: First Edition | Second Edition | Third Edition | Revised Edition
department_code [charge folio]: ROOM | FB | SPA | PARK | LAUN
chain_code: <A2>
tags labels tag [product item article@shop]: new | sale | bestseller | limited | handmade | vegan | summer | winter |
 gift | outdoor
tags labels [customer client contact lead]: vip | wholesale | newsletter | local | loyal | new | press
provider payment_provider gateway processor [payment charge refund transaction payout]: stripe | paypal | adyen |
 braintree
tracking_url: https://example.com/track/<U12>
invoice_url pdf_url invoice_pdf receipt_url statement_url payslip_url report_url label_url document_url contract_url
 resume_url cv_url: https://example.com/files/<x10>.pdf
signature_url: https://example.com/signatures/<x10>.png
video_url virtual_tour_url preview_url replay_url recording_url: https://example.com/media/<x10>.mp4
meeting_link meeting_url join_url video_link: https://meet.example.com/<a3>-<a4>-<a3>
linkedin_url linkedin_profile linkedin: https://linkedin.example.com/in/{first_mail}-{last_mail}
portfolio_url: https://{first_mail}{last_mail}.example.com
title option_name variant_name [variant product_variant]: {color} / {size} | {size} | {color} | {material}, {color}
option_1 option_2 option_3 [variant product_variant]: {color} | {size} | {material}
size [variant product item @shop]: XS | S | M | L | XL | XXL
material fabric [@shop product item variant clothing furniture]: aluminum | bamboo | ceramic | cotton | glass |
 leather | linen | oak | plastic | recycled polyester | stainless steel | walnut | wool
tax_class tax_category: standard | reduced | zero | exempt
care_instructions washing_instructions: +1-2 Machine wash at {30/40} degrees. | Do not {bleach/tumble dry/iron}. |
 Hand wash only. | Wipe with a {dry/damp} cloth. | Keep away from {heat/direct sunlight/moisture}. | Oil the
 {wood/handle} once a {year/season}.
warranty warranty_info: {1 year/2 years/3 years/5 years} limited warranty
short_description: {^quality} {product} for {use}. | {^material_word} {product} with {feature}. | {^product} with
 {feature} and {feature}.
description long_description product_description details [product item article variant sku @shop]: +2-3
 {product_sentence}
meta_description seo_description og_description [@shop product category collection]: Shop {product}s for {use}. {Free
 shipping over $50./Free returns within 30 days./Ships in two days.} | {^quality} {product}s with {feature}. |
 Everything for {use}: {product}s, {product}s and more.
description [category collection department@shop]: {^product}s, {product}s and more for {use}. | Everything for {use}.
 | Our selection of {quality} {product}s. | {^quality} {product}s and {product}s in one place.
description [brand]: Makes {quality} {product}s since <1952-2015>. | Family business from {town}, known for its
 {product}s. | {^product}s and {product}s for {use}.
tagline slogan motto [brand company organization]: {^product}s made to last. | Simple things for {use}. | Made for
 {use}. | {Honest/Careful/Quiet/Clever} work since <1952-2015>. | Better {product}s, less waste.
name title [category@shop collection@shop]: {^product_kind}
parent_category subcategory product_type product_category category_name [@shop product]: {^product_kind}
delivery_instructions delivery_notes shipping_instructions [address order delivery shipment stop]: {delivery_note}
special_instructions handling_instructions: {delivery_note} | {Fragile, handle with care/Keep dry/Keep upright/Do not
 stack/Keep between 2 and 8 degrees}.
gift_message: {Happy birthday/Congratulations/Thank you/Merry Christmas/All the best/Get well soon},
 {Ann/Grandpa/Sam/Lena/Mum/Tom}! | Enjoy it, with love from {all of us/the whole team/Max and Nora}.
customer_note customer_notes order_note order_notes buyer_note notes note [order purchase cart checkout]:
 {delivery_note} | {order_note}
internal_notes internal_note admin_notes staff_notes agent_notes: +1-2 {internal_note}
notes note remarks comments [customer client lead contact account]: +1-2 {customer_fact}
refund_reason reason return_reason [refund return rma chargeback]: {^return_reason}
cancel_reason cancellation_reason cancelation_reason reason_for_cancellation [order purchase cart]: {^cancel_order}
cancel_reason cancellation_reason churn_reason cancellation_feedback [subscription plan membership]: {^churn}
cancel_reason cancellation_reason cancelation_reason: {^cancel_visit}
loss_reason lost_reason churn_reason: {^churn}
closed_reason closing_reason closure_reason [account card @bank]: customer request | moved to another bank | inactive |
 duplicate | merged with another account
blocked_reason block_reason locked_reason suspension_reason suspended_reason hold_reason: {^blocked}
decline_reason failure_reason failure_message decline_message payment_error [payment transaction charge transfer card
 payout]: {^decline}
failure_code decline_code error_code [payment transaction charge card]: card_declined | insufficient_funds |
 expired_card | incorrect_cvc | processing_error
rejection_reason reject_reason [loan application@bank credit claim]: {^loan_rejected}
rejection_reason reject_reason [offer bid]: {Price too low/Another offer was accepted/Financing not
 confirmed/Conditions not met/Owner decided not to sell}
rejection_reason reject_reason [expense leave request]: {Receipt is missing/Not covered by the policy/Too many
 colleagues absent/Submitted too late/Duplicate/Budget used up}
rejection_reason reject_reason [candidate application applicant]: {^hiring_rejected}
rejection_reason reject_reason denial_reason: {Documents are missing/Does not meet the criteria/Duplicate/Submitted
 too late/Incomplete}
moderation_reason flag_reason removal_reason ban_reason banned_reason report_reason: {spam/offensive
 language/off-topic/harassment/duplicate/advertising/cheating/personal data}
reason [report chat_report]: {spam/offensive language/harassment/cheating/inappropriate name/griefing/advertising}
waive_reason waiver_reason: {first time/returned in person/illness/system was down/hardship}
reason [fine]: {overdue/damaged cover/lost item/missing pages/late return}
delay_reason: {weather/customs inspection/traffic/missed connection/port congestion/vehicle breakdown/incorrect
 address/strike}
billing_reason: subscription_create | subscription_cycle | subscription_update | manual
description [coupon promotion discount campaign]: {10/15/20/25/30}% off {all orders/selected items/your first
 order/orders over $50}. | Free shipping on {all orders/orders over $30}. | {Buy two, get one free/A gift with every
 order/Twice the points} {this week/in June/until Sunday}.
name title [coupon promotion discount campaign]:
 {Summer/Spring/Winter/Autumn/Holiday/Welcome/Birthday/Weekend/Flash/Loyalty/Referral}
 {Sale/Offer/Bonus/Discount/Deal/Days}
code [coupon promotion discount voucher]: {SUMMER/SPRING/WELCOME/SAVE/HELLO/FLASH/EXTRA/VIP}<10-40> |
 {SUMMER/WELCOME/SAVE/THANKS}<U4>
coupon_code promo_code voucher_code discount_code ^coupon: {SUMMER/SPRING/WELCOME/SAVE/HELLO/FLASH/EXTRA/VIP}<10-40> |
 {SUMMER/WELCOME/SAVE/THANKS}<U4>
terms terms_and_conditions conditions [coupon promotion offer @shop]: {One use per customer/Not valid with other
 offers/Valid on orders over $50/Excludes gift cards/While stocks last}.
referral_code invite_code invitation_code: <U8>
utm_campaign campaign_name: {spring_sale/summer_launch/newsletter_06/retargeting/brand_search/black_friday/referral}
utm_content: banner_a | banner_b | footer_link | hero | text_link
utm_term: running shoes | desk lamp | crm software | gift ideas
service_level service_type shipping_service [shipment delivery @transport]: standard | express | overnight | economy |
 same_day
package_type packaging parcel_type: box | envelope | pallet | tube | crate | bag
carrier_code: UPS | DHL | FEDEX | USPS | GLS | DPD
item_condition product_condition condition_on_return return_condition: unopened | like new | good | damaged |
 defective
condition [book copy]: new | good | worn | damaged
condition [@shop item product instrument equipment asset]: new | like new | good | fair | refurbished
condition overall_condition [property house inspection]: excellent | good | fair | needs repair | renovated
condition [inventory container]: good | damaged | quarantined | sound | needs inspection
inspection_notes: +1-2 {Box was opened/All parts are there/Scratches on the {front/side/back}/Manual is
 missing/Tested, works/Seal is intact}.
resolution [return refund claim]: refunded | replaced | repaired | store credit | rejected
loyalty_tier membership_tier vip_level loyalty_level customer_tier: bronze | silver | gold | platinum
source order_source [order cart checkout]: web | mobile_app | pos | marketplace | phone
material_number: M-<#6>
merchant merchant_name store_name shop_name payee payee_name: {Corner/Green/Old
 Town/Riverside/Station/Blue/Sunny/Harbor} {Coffee/Market/Books/Pharmacy/Bakery/Hardware/Bistro/Electronics/Taxi}
merchant_category spending_category category [transaction expense_category @bank]: groceries | restaurants | transport
 | utilities | rent | salary | entertainment | travel | health | shopping
description [transaction]: {Card payment/Direct debit/Standing order/Online purchase/ATM withdrawal/Transfer} {to/at}
 {Corner Market/Green Coffee/Station Books/City Power/Harbor Bistro/Old Town Pharmacy} |
 {Salary/Rent/Insurance/Refund/Interest} {January/March/May/June/September/November}
memo narrative statement_descriptor payment_description remittance_information [transaction transfer payment]:
 {Invoice/Order/Contract/Customer} <#6> | {Rent/Salary/Gift/Dinner/Insurance/Membership/Electricity}
 {January/February/April/June/July/October}
memo customer_memo [invoice]: {Thank you for your business/Payment within 30 days/Work in {March/May/June/October}/See
 the attached timesheet/Second installment}.
footer invoice_footer: {Thank you for your business/Payment due within 14 days/Prices include VAT/Registered in
 Delaware}.
purpose transfer_purpose [transfer payment]: rent | salary | invoice | family support | savings | gift | loan
 repayment
purpose loan_purpose [loan application]: home improvement | debt consolidation | car | education | medical expenses |
 business | wedding
purpose business_purpose [expense trip]: {client visit/conference/team dinner/training/office supplies/site
 inspection}
collateral: {none/vehicle/residential property/savings account/equipment/securities}
employment_status: employed | self-employed | retired | student | unemployed
source_of_funds: salary | business income | savings | inheritance | investments | pension
home_ownership housing_status: own | rent | mortgage | living with family
risk_rating risk_level risk_profile risk_category: low | medium | high
asset_class: equity | bond | fund | real estate | commodity | cash
exchange stock_exchange: NYSE | NASDAQ | LSE | XETRA | TSE | SIX
security_name fund_name instrument_name: {Evergreen/Summit/Harbor/Northern/Atlas/Meridian} {Global Equity Fund/Bond
 Fund/Holdings/Growth ETF/Energy/Dividend Fund}
alert_type [fraud @bank]: unusual_amount | new_device | foreign_country | velocity | card_not_present
rule_triggered rule_name: {amount over limit/three attempts in a minute/new device/foreign IP/night transfer}
description reason [fraud fraud_alert]: {Unusual amount/Login from a new device/Card used in two countries/Many small
 payments/Transfer to a new payee} {at night/within an hour/on Sunday/abroad}.
analyst_notes investigation_notes moderator_notes reviewer_notes: +1-2 {Customer was called/Customer confirmed the
 payment/Waiting for documents/No pattern found/Account was limited for a day/Evidence checked/Warned once before/No
 action needed}.
action_taken [report chat_report moderation player_report complaint @game]: {warning/none/temporary ban/account
 limited/parents informed/detention/content removed}
charges_bearer charge_bearer: SHA | OUR | BEN
channel [transaction transfer @bank]: branch | online | mobile | atm | phone
loan_type: personal | mortgage | auto | student | business
rate_type: fixed | variable
account_type [@bank account]: checking | savings | business | money market
card_network card_scheme: visa | mastercard | amex | discover
nickname account_nickname [account beneficiary]: {Savings/Holiday fund/Household/Rent/Emergency fund/Joint account}
masked_pan masked_number card_number_masked: **** **** **** <#4>
authorization_code auth_code approval_code: <#6>
terminal_id: T<#7>
device_fingerprint: <x32>
amenities amenity_list facilities [hotel room room_type property listing branch @hotel @estate]: wifi | parking | pool
 | gym | breakfast | balcony | air conditioning | elevator | pets allowed | sea view | laundry | kitchen | reading
 room | accessible
view view_type: sea view | city view | garden view | mountain view | courtyard | no view
bed_configuration bed_type: one king bed | two double beds | one queen bed | two single beds | sofa bed
name [hotel]: {Hotel/Grand Hotel/Park Hotel/The/Villa/Lakeside/Seaside}
 {Bellevue/Aurora/Linden/Riviera/Harbor/Alpina/Rosewood/Continental/Meridian/Orchard}
name [room_type]: {Standard/Superior/Deluxe/Executive/Garden/Sea View} {Double/Twin/King/Single/Suite/Family Room}
description short_description [hotel]: +2-3 {hotel_sentence}
description [room_type room suite]: +1-2 {room_sentence}
cancellation_policy: Free cancellation until {24 hours/48 hours/7 days} before arrival. | Non-refundable. | The first
 night is charged after {6 pm/noon} on the day before arrival.
house_rules: +1-2 No smoking. | Quiet hours from 10 pm. | No parties. | Pets on request. | Check-in until {8 pm/10
 pm/midnight}.
pet_policy: no pets | dogs allowed for a fee | small pets allowed | on request
maintenance_notes issues_found [room housekeeping]: none | {Lamp/Tap/Window/Air conditioning/Television/Door lock}
 {needs repair/is loose/does not work/was replaced}.
notes [housekeeping housekeeping_task]: {Extra towels/Late checkout/Baby cot needed/Allergic guest, no feathers/Window
 cleaned/Minibar refilled}.
task_type [housekeeping housekeeping_task]: cleaning | turndown | deep_clean | inspection | linen_change
special_requests special_needs guest_requests [reservation booking guest @hotel]: none | {High floor/Quiet room/Late
 arrival/Early check-in/Baby cot/Extra pillows/Twin beds/Ground floor/Room near the elevator}, please. | {Celebrating
 an anniversary/Arriving by {bike/train/car}/Allergic to {feathers/nuts}}.
purpose_of_stay purpose_of_visit trip_type: leisure | business | family | couple | conference
meal_plan board_type board: room only | breakfast | half board | full board | all inclusive
rate_plan: flexible | non_refundable | corporate | weekend | early_bird
market_segment: leisure | corporate | groups | government
guarantee_type: card | deposit | company | none
booking_channel booking_source source [reservation booking @hotel]: website | phone | walk_in | booking portal |
 travel agent
description [charge folio]: {Room/Minibar/Breakfast/Laundry/Parking/Spa/Dinner/Late checkout}
category [charge folio]: room | food | drinks | laundry | spa | parking
cuisine: Italian | French | Japanese | Indian | Mexican | Thai | Greek | Lebanese | Regional
dress_code: casual | smart casual | formal
name [restaurant bistro cafe]: {Blue/Golden/Little/Old/Green/Silver}
 {Fork/Olive/Lantern/Table/Garden/Anchor/Kitchen/Pepper}
description [restaurant]: +1-2 {^dish} and {dish}, cooked by {hand/the family/our chef}. | Seasonal dishes with
 {ingredient} and {ingredient}. | Open kitchen, {quiet terrace/small garden/long bar}.
name title [dish menu recipe meal item@kitchen]: {^dish} | {^dish} with {ingredient} | {Grilled/Roasted/Braised/Spicy}
 {dish} | {Homemade/Classic/Summer} {dish}
description [menu_item dish menu meal]: {^dish} with {ingredient} and {ingredient}. | {Slowly
 cooked/Grilled/Baked/Fresh} {ingredient} with {ingredient}. | Served with {ingredient}.
description summary [recipe]: +1-2 A {quick/simple/warming/light} {dish} with {ingredient}. | Ready in {20/30/40/60}
 minutes. | Tastes best {the next day/warm/with {ingredient}}.
instructions method directions steps preparation [recipe]: +2-4 {cook_step}
ingredients [recipe menu_item dish]: {ingredient}, {ingredient}, {ingredient} | {ingredient}, {ingredient} and
 {ingredient}
allergens: gluten | milk | eggs | nuts | soy | fish | sesame | celery
category course_type course [menu_item dish menu]: starter | main | dessert | side | drink | soup
wine_pairing: {Riesling/Pinot Noir/Chardonnay/Merlot/Sauvignon Blanc/Syrah}
setup_style seating_style: theater | classroom | banquet | boardroom | cocktail
catering_notes: {Coffee at <9-11> am/Vegetarian lunch/Buffet for <20-90>/No catering/Water on the tables/Two vegan
 meals}.
av_requirements: {Projector/Microphone/Two screens/Video call/None/Stage light}
function_room meeting_room: {Ballroom/Atrium/Library/Garden Room/Boardroom/Terrace Room} {A/B/1/2}
badge_number: B-<#5>
title name headline listing_title [property listing apartment house]:
 {Bright/Spacious/Renovated/Charming/Modern/Quiet/Sunny} {two/three/four}-bedroom {apartment/house/townhouse/loft}
 {near the park/with balcony/with garden/downtown/by the river}
description remarks public_remarks [property listing apartment house]: +2-3 {home_sentence}
description [neighborhood]: +1-2 {Quiet/Lively/Green/Historic} streets with {cafes/small shops/old trees/good
 schools}. | {Ten/Fifteen/Twenty} minutes to the center by {bus/bike/train}. | Popular with
 {families/students/commuters}.
name neighborhood [neighborhood]: {Old Town/Riverside/Oak Park/Harbor Quarter/North Hill/University District/Mill
 Quarter/Garden City/West End/Station District}
neighborhood neighbourhood: {Old Town/Riverside/Oak Park/Harbor Quarter/North Hill/University District/Mill
 Quarter/West End}
property_type [property listing @estate]: house | apartment | condo | townhouse | land
heating_type heating: gas | heat pump | district heating | electric | oil
cooling cooling_type: central air | split unit | none | fans
roof_type: tile | slate | metal | flat | shingle
exterior facade: brick | wood | stucco | stone | vinyl
zoning: residential | commercial | mixed use | industrial
energy_rating energy_class: A+ | A | B | C | D | E
school_district: {Riverside/Oakwood/Lincoln/Northside/Hillcrest} School District
service_area preferred_areas coverage_area: {Old Town/Riverside/North Hill/West End/Harbor Quarter/Oak Park}
specialties [agent]: first homes | luxury | rentals | commercial | land | new buildings
agency brokerage: {Harbor/Keystone/Linden/Summit/Parkside} {Realty/Homes/Properties}
showing_instructions access_instructions entry_instructions: {Lockbox at the front door/Call <30-60> minutes
 before/Ask the neighbor for the key/Key at the office/Appointment only/Side entrance}.
disclosure: {None known/Roof replaced in <2012-2024>/Basement was damp in <2015-2022>/Shared driveway/New heating in
 <2016-2024>}.
contingencies: inspection | financing | appraisal | sale of home
financing_type: conventional | cash | FHA | VA
terms special_clauses [lease offer@estate contract agreement]: {No smoking/One pet allowed/Rent is due on the
 first/Two months' notice/Garden shared/Water included/As is/Closing within <30-60> days}.
termination_reason [lease]: {moved away/end of term/bought a home/unpaid rent/sale of the property}
utilities_included utilities: water | heating | electricity | internet | garbage
client_type: buyer | seller | tenant | landlord | investor
lender bank_name financial_institution: {Example/Sample/First Test/Harbor/Keystone} {Bank/Savings Bank/Credit
 Union/Mortgage}
title [maintenance_request work_order@estate repair@estate service_request@estate]: {home_defect}
description [maintenance_request work_order@estate repair@estate service_request@estate]: +1-2 {home_defect}. | It
 started {yesterday/last week/after the storm/on Sunday}. | {Please call before coming/Someone is at home after <4-6>
 pm/The neighbor has a key}.
category [maintenance_request work_order repair]: plumbing | electrical | heating | appliance | structural
resolution resolution_notes work_performed [maintenance_request work_order maintenance maintenance_log repair]:
 {^repair}.
assigned_vendor contractor: {Harbor/Keystone/Linden/Summit/Parkside} {Plumbing/Electric/Heating/Services}
tenant_available: mornings | afternoons | evenings | weekends | any time
inspection_type: annual | move-in | move-out | safety | structural
findings observations [inspection audit @estate maintenance maintenance_record maintenance_log]: +1-2
 {inspection_finding}
recommendation recommendations [inspection audit]: {Repair within <2-8> weeks/No action needed/Replace {the filter/the
 seal/two tiles}/Check again in <6-12> months}.
listing_type: sale | rent | auction
interest: low | medium | high
"""
SLOTS = """
color: black | white | navy | olive | gray | burgundy | sand | teal | natural
size: XS | S | M | L | XL | 38 | 40 | 42 | one size
material: cotton | linen | wool | leather | oak | bamboo | steel
material_word: cotton | linen | leather | oak | bamboo | steel | recycled
product: backpack | lamp | jacket | kettle | desk | blanket | headphone | mug | notebook | tent | knife | chair |
 bottle | wallet | speaker
product_kind: backpacks | lamps | jackets | kettles | desks | blankets | headphones | mugs | notebooks | tents |
 kitchen knives | chairs | water bottles | wallets | speakers | garden tools | home decor | bedding | footwear |
 accessories | gifts | office supplies | toys | pet supplies | small electronics
quality: light | sturdy | compact | durable | handmade | comfortable | waterproof | practical | well-made | simple
use: travel | the office | small kitchens | everyday use | weekends outdoors | working at home | camping | cold days |
 long walks | the garden
feature: a removable lining | adjustable straps | a soft grip | a wide base | an extra pocket | a matte finish | a
 long cable | two compartments | a magnetic lid | a quiet motor | rounded edges | a five-year warranty
town: Portland | Leeds | Porto | Ghent | Turin | Graz | Aarhus | Boulder
product_sentence: A {quality} {product} for {use}. | Comes with {feature} and {feature}. | Made of {material}, with
 {feature}. | {^feature} makes it good for {use}. | Weighs {only/less than/about} <2-9>00 g. | Available in {color}
 and {color}. | The {material_word} body is {easy to clean/made to last/soft to the touch}. | Designed in {town}, made
 for {use}. | Fits {most bags/small spaces/every desk/any hand}. | {Easy/Quick} to {clean/store/set up/repair}.
delivery_note: Leave it {at the back door/with the neighbor/in the garage/at reception/behind the gate/on the porch}.
 | Ring {twice/the side bell/at number <2-40>}. | Please call before {the delivery/coming up}. | Gate code <#4>. |
 {Second/Third/Fourth} floor, {no elevator/elevator on the left}. | Deliver {after <2-6> pm/before noon/on weekdays
 only}.
order_note: Please {pack it as a gift/leave out the invoice/send everything together/use less packaging}. | It is a
 {birthday/wedding/housewarming} present. | Needed by {Friday/the 12th/next week}. | Second order, the first one {was
 lovely/got lost}.
internal_note: Customer {called/wrote} about {the delivery/the invoice/a return/the size}. |
 {Refund/Replacement/Discount} was offered. | Waiting for {the warehouse/the carrier/an answer/payment}. | Address
 {confirmed/corrected} by {phone/mail}. | {Handled/Checked/Approved} by {the team/finance/support}. | Follow up {on
 Monday/next week/in <2-9> days}.
customer_fact: Prefers {e-mail/phone/invoices by post/afternoon calls}. | Interested in {product}s and {product}s. |
 Has ordered {twice/often/for years}. | Met at {the fair/a workshop/the store} in {March/May/September}. | Asks for {a
 discount/samples/monthly invoices/fast delivery}. | Call again {in June/next week/after the holidays}. | Decides
 together with {a partner/the team/finance}.
return_reason: wrong size | arrived damaged | not as described | changed my mind | ordered by mistake | defective |
 arrived too late | found it cheaper | wrong item sent | missing parts
cancel_order: ordered by mistake | found it cheaper elsewhere | delivery takes too long | changed my mind | wrong size
 | payment did not go through | duplicate order
cancel_visit: no longer needed | conflict of dates | illness | change of plans | rescheduled | weather | transport
 problems | no show
churn: too expensive | missing features | switched to another tool | project has ended | not used enough | company
 closed | too complicated
blocked: too many failed attempts | reported lost | suspected fraud | unpaid balance | documents are missing |
 requested by the holder | terms violated
decline: insufficient funds | card expired | card declined by the bank | incorrect security code | limit exceeded |
 account closed | bank not reachable
loan_rejected: income too low | credit score too low | debt too high | documents are missing | employment not
 confirmed | collateral insufficient
hiring_rejected: not enough experience | salary expectations | position filled | no work permit | withdrew | another
 candidate was a better fit
hotel_sentence: {Quiet/Small/Family-run/Elegant/Modern} hotel {near the old town/by the lake/next to the station/at
 the harbor/above the river}. | {Breakfast/Parking/Wi-Fi/Bicycle rental} is included. | Rooms {look over the
 garden/have a balcony/were renovated in <2016-2024>}. | The {beach/center/station/museum} is {five/ten/fifteen}
 minutes away{./ on foot.} | {Pool/Sauna/Terrace/Library} and {bar/garden/gym} are open until {9 pm/10 pm/midnight}. |
 Run by the same family since <1952-2005>.
room_sentence: {Bright/Quiet/Spacious/Cozy} room with {a king-size bed/two single beds/a desk/a small balcony/a sofa}.
 | View of {the garden/the sea/the old town/the courtyard/the hills}. | {Walk-in shower/Bathtub/Rain shower} and
 {hairdryer/bathrobes/heated floor}. | {Coffee machine/Minibar/Safe/Kettle} in the room.
home_sentence: {Bright/Spacious/Renovated/Well-kept} {home/rooms} with {high ceilings/wooden floors/large windows/a
 new kitchen/an open floor plan}. | {Kitchen/Roof/Heating/Windows} renewed in <2012-2024>. |
 {Garden/Balcony/Terrace/Patio} facing {south/west/east}. | {School/Station/Park/Supermarket} within
 {five/ten/fifteen} minutes. | {Garage/Cellar/Storage/Laundry room} included. | {Quiet street/Low utility costs/Good
 neighbors/Move-in ready}.
home_defect: {Kitchen/Bathroom/Hallway/Bedroom} {tap is dripping/light does not work/window does not close/wall is
 damp} | {Heating/Dishwasher/Doorbell/Water heater} {does not start/makes noise/is leaking/stopped working}
repair: replaced the {seal/filter/pump/sensor/lamp/lock/battery} | {cleaned/tightened/adjusted/repaired} the
 {valve/hinge/fan/drain/cable/bracket} and tested it | updated and restarted the {controller/thermostat/unit}
inspection_finding: {Filter/Seal/Hose/Cable/Bracket/Gutter} is {worn/loose/dirty/fine}. | {No leaks/No damage/Small
 crack/Some rust/Light wear} {found/at the back/near the door/on the left side}. |
 {Pressure/Moisture/Temperature/Brake wear} within limits. | {Smoke detectors/Lights/Windows/Tires}
 {checked/tested/replaced}.
dish: tomato soup | lentil curry | mushroom risotto | roast chicken | vegetable lasagne | fish tacos | potato gratin |
 apple tart | pumpkin ravioli | caesar salad | beef stew | lemon cake | spinach quiche | noodle bowl
ingredient: basil | garlic | lemon | olive oil | feta | tomatoes | potatoes | mushrooms | spinach | rice | chickpeas |
 ginger | butter | parsley | walnuts | cream
cook_step: {Chop/Slice/Wash/Dice} the {ingredient} and {ingredient}. | {Fry/Roast/Simmer/Steam} the {ingredient} for
 <5-25> minutes. | Add {ingredient} and {ingredient}. | Season with {salt and pepper/chili/ingredient}. | Bake at
 <160-220> degrees for <15-45> minutes. | Let it rest for <5-20> minutes. | Serve with {ingredient}.
"""
