"""Things of all subjects: what they are called, and what a *category* or *type* column says in a table of these.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`; they come after those of the subjects.
"""

NAMES = """
category type kind [=account =ledger_account]: asset | liability | equity | income | expense
category type kind [=activity]: sports | workshop | excursion | meeting | game | outdoor
category type kind [=ad =advertisement =banner]: display | video | search | social | print
category type kind [=agent]: sales | support | field | service | broker
category type kind [=album]: studio | live | compilation | single | soundtrack
category type kind [=alert =warning]: security | weather | system | traffic | health
category type kind [=animal =livestock]: cattle | sheep | goat | pig | poultry | horse
category type kind [=application]: new | renewal | change | transfer
category kind [=appointment =visit]: check-up | consultation | follow-up | first visit | urgent
category type kind [=artwork =painting =art =sculpture =exhibit]: painting | sculpture | drawing | photograph | print |
 installation
category type kind [=exhibition =gallery]: painting | photography | sculpture | design | group show
category type kind [=museum]: art | history | science | technology | nature
category type kind [=article =story]: news | feature | interview | opinion | guide
category kind [=post =blog]: news | guide | interview | update | announcement
category type kind [=assessment =evaluation =appraisal]: initial | interim | final | annual | self-assessment
category type kind [=asset =equipment =inventory =tool]: furniture | computer | vehicle | machine | phone | measuring
 device
category kind [=assignment =homework]: essay | exercise | project | presentation | lab report
category type kind [=attendance]: class | meeting | training | exam
category type kind [=audit =inspection]: safety | quality | financial | environment | internal | hygiene
category type kind [=award =prize =badge]: achievement | participation | skill | anniversary | teamwork
category type kind [=batch]: production | trial | rework | seasonal
category type kind [=beneficiary]: person | family | school | organization
category type kind [=bill]: electricity | water | rent | phone | insurance | internet
category kind [=invoice]: goods | services | rent | subscription | credit note
type [=invoice]: standard | proforma | credit note | recurring
category type kind [=booking =reservation]: online | phone | walk-in | group | agency
category type kind [=book =novel]: fiction | biography | children | science | history | travel
category type kind [=branch =office]: head office | branch | agency | warehouse | sales office
category type kind [=budget]: personnel | marketing | travel | equipment | maintenance | training
category type kind [=building]: office | residential | warehouse | school | garage
category type kind [=bus]: city bus | coach | minibus | school bus
category type kind [=business =company =firm =merchant]: retail | restaurant | consulting | construction | services |
 manufacturing
category type kind [=campaign]: email | social media | print | seasonal | launch | event
category type kind [=candidate =applicant]: external | internal | referral | agency
category type kind [=case]: complaint | request | appeal | inquiry | dispute
category type kind [=certificate]: training | safety | language | quality | first aid
category type kind [=fee]: service | late payment | registration | delivery | administration
category type kind [=checklist]: opening | closing | safety | cleaning | onboarding
category type kind [=class =classroom]: lecture | seminar | laboratory | workshop | tutorial
category type kind [=course =lesson =module]: basic | advanced | language | computing | safety | management
category type kind [=clinic]: dental | general practice | physiotherapy | eye | pediatric
category type kind [=hospital]: general | teaching | specialty | rehabilitation | children
category type kind [=club =community =forum =group]: sports | music | hobby | study | neighborhood | volunteers
category type kind [=comment =feedback =suggestion]: praise | question | suggestion | complaint | idea
category type kind [=competition =tournament]: league | cup | friendly | qualifier | championship
category type kind [=complaint =grievance]: service | quality | delivery | billing | noise | staff
category type kind [=component =part]: mechanical | electrical | hydraulic | fastener | seal | filter
category type kind [=contract =agreement]: purchase | service | rental | employment | maintenance | license
category type kind [=contribution =donation =fund =grant]: monthly | one-time | in kind | project | memorial
category type kind [=cost]: labor | material | transport | rent | energy
category type kind [=coverage]: liability | health | fire | theft | accident | travel
category type kind [=credit =loan =mortgage]: personal | mortgage | car | student | business
category type kind [=crop =plant]: grain | vegetable | fruit | herb | flower | root crop
category type kind [=customer =client]: private | business | regular | new | public sector
category type kind [=deal =opportunity]: new business | renewal | extension | partnership
category type kind [=debt =due]: membership | tax | loan | rent | fine
category type kind [=deduction]: tax | social security | pension | insurance | advance
category type kind [=defect =fault]: surface | dimension | electrical | software | assembly
category type kind [=department =division]: production | administration | sales | service | research
category type kind [=deposit]: savings | rental | security | fixed-term
type kind [=device]: phone | tablet | laptop | printer | sensor | router
category type kind [=diagnosis =disease =condition =illness]: acute | chronic | infectious | respiratory |
 cardiovascular |
 musculoskeletal
category type kind [=district =zone =region]: urban | rural | industrial | residential
category kind [=document =file =form]: contract | invoice | certificate | report | application | letter
category kind [=driver]: full-time | part-time | contractor | trainee
category kind [=event]: concert | workshop | conference | fair | sports | meetup
category type kind [=exam =quiz =test]: midterm | final | oral | written | placement
category type kind [=exercise =workout]: strength | cardio | stretching | balance | mobility
category type kind [=experience]: outdoor | culinary | cultural | wellness | adventure
category type kind [=facility]: sports hall | clinic | office | storage | playground | library
category type kind [=faq =question]: account | payment | delivery | returns | security
category type kind [=finding =observation]: minor | major | critical | improvement
category type kind [=fine =penalty =violation]: parking | speeding | late return | late payment | littering
category type kind [=flight]: domestic | international | charter | cargo
category type kind [=food =meal =recipe]: starter | main course | dessert | snack | drink | salad
category type kind [=ingredient]: vegetable | fruit | dairy | meat | spice | grain
category type kind [=kitchen =restaurant]: Italian | Asian | vegetarian | bakery | grill | seafood
category type kind [=game]: board game | puzzle | strategy | sports | adventure
category type kind [=goal =target =objective]: health | learning | sales | savings | personal
category type kind [=good =goods =merchandise =supply]: food | tools | clothing | office supplies | medical supplies
category type kind [=grade]: exam | homework | oral | project
category type kind [=guest =visitor]: regular | business | group | VIP | press
category type kind [=habit =routine]: morning | evening | fitness | reading | household
category type kind [=holiday]: public | school | religious | company
category type kind [=hotel =lodging =accommodation]: city hotel | resort | hostel | guest house | apartment
category type kind [=household =family]: single | couple | family | shared flat
category type kind [=incident =accident =emergency]: injury | near miss | theft | fire | damage | spill
category type kind [=income]: salary | rent | interest | sales | pension
category type kind [=institution]: university | school | hospital | museum | authority
category type kind [=insurance]: health | liability | car | household | travel
category type kind [=interaction]: call | email | meeting | chat | visit
category type kind [=interview]: phone | video | on site | technical | final
category type kind [=investment]: stocks | bonds | fund | real estate | savings plan
category kind [=issue =ticket]: login | billing | performance | feature request | hardware | network
category kind [=job =position]: full-time | part-time | temporary | internship | apprenticeship
category type kind [=journal =entry]: sales | purchase | cash | bank | general
category type kind [=lab =laboratory]: chemistry | physics | biology | medical | computer
category type kind [=lab_test =analysis]: hematology | chemistry | microbiology | immunology | urinalysis
test_category lab_category panel_category: hematology | chemistry | microbiology | immunology | urinalysis |
 coagulation
category type kind [=lead =prospect]: website | trade fair | referral | cold call | partner
category type kind [=letter =message =email]: inquiry | reminder | confirmation | offer | invitation
category type kind [=license =permit]: building | event | trade | parking | fishing
category type kind [=listing]: for sale | for rent | auction | exchange
category type kind [=location =place =site =spot]: office | warehouse | store | park | station | depot
category type kind [=machine]: lathe | press | packaging | conveyor | mixer | saw
category type kind [=maintenance]: inspection | repair | replacement | cleaning | calibration
category type kind [=market]: farmers market | wholesale | online | export
category type kind [=match =fixture]: league | cup | friendly | play-off
category type kind [=material]: wood | metal | plastic | textile | glass | paper
category type kind [=medicine =medication =drug]: antibiotic | painkiller | vitamin | antihistamine | cardiovascular |
 vaccine
category type kind [=meeting]: planning | review | team | client | board
category type kind [=member =membership]: active | passive | youth | honorary | family
type kind [=menu]: breakfast | lunch | dinner | drinks | seasonal
category type kind [=metric]: sales | quality | traffic | cost | satisfaction
category type kind [=milestone]: start | review | delivery | acceptance | completion
category type kind [=movie =film]: drama | comedy | documentary | thriller | animation
category type kind [=show =series]: drama | comedy | quiz | documentary | news
category kind [=news =notice =announcement =bulletin]: general | event | deadline | closure | staff
type [=news =notice =announcement =bulletin]: general | event | deadline | closure | staff
category type kind [=offer =quote]: standard | special price | bundle | framework | renewal
category kind [=order]: standard | rush | sample | return | pre-order
category type kind [=package =parcel =shipment]: letter | small parcel | pallet | express | bulky goods
category type kind [=park]: playground | garden | forest | sports | dog park
category type kind [=parking =parking_spot =parking_lot]: resident | visitor | disabled | electric | short-term
category type kind [=partner =sponsor]: gold | silver | media | technology | local
category kind [=payment]: rent | salary | purchase | refund | fee
category type kind [=pet]: dog | cat | rabbit | bird | hamster
category type kind [=photo =image =picture]: portrait | landscape | event | product | interior
category type kind [=player =athlete]: junior | senior | professional | amateur
category type kind [=playlist]: workout | party | focus | travel | classics
category type kind [=podcast]: interview | news | story | science | sports
category type kind [=point]: purchase | bonus | referral | correction
category type kind [=poll =survey =questionnaire]: satisfaction | election | feedback | market | health
category type kind [=practice =procedure]: examination | treatment | imaging | surgery | preventive
category type kind [=surgery =operation]: orthopedic | abdominal | eye | dental | minor
category type kind [=problem]: hardware | software | network | access | water | electrical
category type kind [=process =workflow]: approval | production | purchasing | recruiting | onboarding
category type kind [=profession =occupation]: health | crafts | technology | education | office
category type kind [=program]: training | support | exchange | research | sports
category type kind [=project]: construction | software | research | community | event
category type kind [=promotion]: seasonal | clearance | new customers | loyalty | bundle
category type kind [=purchase =sale]: online | store | wholesale | phone | returns
category type kind [=race]: road | trail | relay | time trial | marathon
category type kind [=recommendation]: safety | quality | cost | process | training
category type kind [=referral]: specialist | laboratory | imaging | therapy
category type kind [=registration =enrollment]: new | renewal | late | transfer
type kind [=rental]: daily | weekly | monthly | weekend
category type kind [=report]: monthly | incident | financial | inspection | annual
category type kind [=request =requisition]: change | information | purchase | access | repair
category type kind [=resource]: room | vehicle | projector | guide | video | template
category type kind [=response =reply =answer]: acceptance | refusal | inquiry | comment
category type kind [=review]: product | service | annual | peer
category type kind [=reward]: discount | voucher | free item | points
category type kind [=ride]: commute | airport | shared | school run | delivery
category type kind [=risk]: financial | operational | legal | safety | supplier
category type kind [=role =staff =worker]: permanent | temporary | trainee | management | volunteer
category type kind [=route =tour =trip]: city | mountain | coast | day trip | regional
category type kind [=rule =policy]: access | safety | travel | privacy | working time
category type kind [=salary =payslip]: monthly | hourly | bonus | overtime
category type kind [=sample =specimen]: water | soil | blood | air | food
category type kind [=schedule =shift]: early | late | night | weekend
category type kind [=scholarship]: merit | need | sports | research | exchange
category type kind [=school =university =college]: primary | secondary | vocational | private | language school
type kind [=seat]: window | aisle | balcony | stalls | box
category type kind [=segment]: new | loyal | inactive | high value
category type kind [=sensor]: temperature | humidity | motion | pressure | light
category type kind [=service]: repair | consulting | cleaning | installation | training | delivery
category type kind [=session]: individual | group | online | introduction
category type kind [=shop =store]: grocery | clothing | electronics | bakery | pharmacy | furniture
category type kind [=signal]: buy | sell | hold | alarm
category kind [=skill]: language | software | craft | communication | leadership
category type kind [=slot]: morning | afternoon | evening | weekend
category type kind [=song =track]: original | cover | remix | live | instrumental
category type kind [=source]: book | website | interview | archive | newspaper
category kind [=space =room]: meeting room | office | hall | studio | laboratory
category type kind [=species]: mammal | bird | reptile | insect | fish
category type kind [=sport]: team | water | winter | martial arts | athletics
category type kind [=station =stop]: bus | train | metro | tram | ferry
category type kind [=step]: preparation | execution | check | approval
category type kind [=stock]: raw material | finished goods | spare parts | packaging
category type kind [=stream =channel]: news | sports | music | education | gaming
category type kind [=student =pupil]: full-time | part-time | exchange | guest
category type kind [=study =research]: survey | clinical | field | laboratory | literature
category kind [=subject]: language | science | mathematics | arts | sports
type [=subject]: required | elective | optional
category type kind [=subscription =plan]: monthly | annual | trial | student | family
category type kind [=supplier =vendor =manufacturer]: raw materials | packaging | services | office supplies | transport
category type kind [=symptom]: pain | fever | cough | skin | digestion
category type kind [=table]: indoor | terrace | bar | booth
category type kind [=task =todo =chore]: cleaning | shopping | paperwork | repair | planning
category type kind [=tax]: income | property | sales | vehicle
category type kind [=teacher =instructor =trainer]: full-time | part-time | substitute | guest
category type kind [=team =crew]: sales | support | field | project | youth
category type kind [=template]: email | invoice | letter | contract
category type kind [=tenant]: private | business | student | family
category type kind [=topic]: technology | travel | health | money | culture
category type kind [=trade]: spot | forward | buy | sell
category type kind [=transfer]: internal | bank | stock | player
category type kind [=transport]: road | rail | sea | air
category type kind [=tree]: oak | beech | maple | fruit tree | conifer
category type kind [=trial]: clinical | field | free | pilot
category type kind [=unit]: apartment | office | shop | storage | parking space
category kind [=vehicle =truck]: car | van | truck | trailer | motorcycle
category type kind [=vaccine =vaccination]: basic | booster | travel | seasonal
category type kind [=venue]: hall | club | open air | theater | conference center
category kind [=vessel =boat =ship]: sailing boat | motor boat | ferry | cargo ship
category type kind [=video]: tutorial | trailer | interview | review | recording
category type kind [=volunteer]: event | office | driver | mentor
category type kind [=vote =election]: yes/no | secret | show of hands | postal
category type kind [=voucher]: gift | discount | travel | meal
category type kind [=warehouse]: central | regional | cold storage | returns
category type kind [=waste]: paper | plastic | glass | organic | electronic
category type kind [=website =page]: landing page | shop | blog | documentation
category type kind [=wine =drink =beverage]: red | white | rosé | sparkling | soft drink
name title [=application]: {Building permit/Parking permit/Scholarship/Membership/Visa/Business license} application
name title [=assessment =evaluation]: {Skills/Safety/Needs/Language/Fitness/Health} assessment {2023/2024/2025}
name title [=audit]: {Safety/Quality/Energy/Data protection/Hygiene} audit {2023/2024/2025}
name title [=budget]: {Marketing/Travel/Personnel/Equipment/Household/Maintenance} {2024/2025/2026}
name title [=certificate]: {First aid/Fire safety/Forklift/Food hygiene/Project management/Welding}
name [=classroom]: Room {A/B/C}<101-320>
name title [=competition =tournament =contest]: {City/Spring/Regional/Junior/Open/Harbor}
 {Cup/Open/Championship/Masters}
 {/2025}
name [=component =part]: {Pump/Valve/Bearing/Seal/Filter/Sensor/Gear/Motor} {cover/housing/plate/ring/unit/set}
name title [=form]: {Registration/Consent/Order/Feedback/Application/Inspection} form
name title [=forum]: {Introductions/Questions and answers/Announcements/Marketplace/Off topic/Ideas}
title [=fund]: {Education/Emergency/Housing/Growth/Community/Pension} fund
name title [=game]: {Castle Builders/Deep Sea/Last Train/Mountain Race/Word Hunt/Star Traders/Garden Party/Chess Club}
name title [=goal =objective =target]: {Run 5 km/Read 12 books/Save 500 a month/Learn Spanish/Win ten customers/Sleep
 eight
 hours/Reduce waste by 10 %}
name title [=grant =scholarship]: {Young Talents/Women in Science/Community Arts/First Generation/Green Ideas/Sports}
 {Grant/Scholarship}
name title [=habit]: {Drink water/Morning run/Read 20 minutes/Meditate/No sugar/Stretch/Write a journal/Early to bed}
name title [=routine]: {Morning/Evening/Weekend/Workday/Stretching/Cleaning} routine
name title [=holiday]: New Year's Day | Labor Day | Independence Day | Thanksgiving | Christmas Day | Easter Monday
name title [=industry]: Construction | Education | Energy | Finance | Food | Health Care | Logistics | Retail | Software
name title [=inspection]: {Fire safety/Elevator/Roof/Kitchen hygiene/Vehicle/Playground} inspection
name [=institution]: {Riverside/Northern/Central/Lakeside} {University/Institute/College/Museum/Hospital}
name [=kitchen]: {Green/Golden/Little/Old Town/Harbor} {Kitchen/Spoon/Table/Oven}
name [=lab =laboratory]: {Chemistry/Physics/Biology/Robotics/Materials/Soil} {Lab/Laboratory}
name title [=license =permit]: {Building/Trade/Fishing/Parking/Event/Liquor} {permit/license}
name [=office]: {Head Office/Berlin/Boston/Lisbon/Austin/Leeds/Oslo} {/East/West}
name [=place]: {Old Mill/Market Square/Rose Garden/City Library/Harbor View/Lakeside Path/Town Hall}
name title [=policy]: {Travel/Privacy/Remote work/Expense/Leave/Security/Return} policy
name title [=poll =survey =questionnaire]: {Customer satisfaction/Employee/Canteen/Travel habits/Website/Health}
 {survey/poll} {2024/2025}
name title [=prize]: {First/Second/Third} prize | Audience award | Best newcomer
name title [=process]: {Order/Invoice/Leave/Hiring/Purchase/Returns} {approval/processing/handling}
name title [=race]: {City/Harbor/Forest/Lake/Night} {Marathon/10K/Run/Half Marathon}
name title [=report]: {Sales/Inventory/Quality/Attendance/Energy/Budget} report {January/March/June/Q3/2025}
name title [=reward]: {Free coffee/10 % off/Free shipping/Movie ticket/Gift card/Day off}
name title [=risk]: {Supplier failure/Data loss/Staff shortage/Late delivery/Cost overrun/Power outage}
name title [=service]: {Haircut/Oil change/Window cleaning/Tax advice/Garden care/Delivery/Installation/Maintenance}
 {/Basic/Plus}
name title [=shift]: Early shift | Late shift | Night shift | Weekend shift | Day shift
name title [=signal]: {Temperature high/Door open/Low stock/New order/Connection lost}
name title [=source]: {City archive/Annual report/Website/Interview/Customs data/Newspaper} {/2024/2025}
name [=space]: {Blue/Garden/Corner/Quiet/Studio} {Room/Space/Lounge}
name title [=sport]: Football | Tennis | Swimming | Rowing | Judo | Volleyball | Athletics | Climbing
name title [=step]: {Prepare documents/Check data/Approve/Send notice/Archive/Collect payment/Schedule visit}
name title [=study]: {Sleep/Nutrition/Mobility/Reading/Air quality/Heart health} study {2023/2024/2025}
name [=symptom]: Headache | Cough | Fever | Nausea | Fatigue | Back pain | Dizziness | Sore throat
^name [=table]: Table <1-30>
name title [=template]: {Welcome/Invoice/Reminder/Contract/Newsletter/Confirmation} template
name [=tool]: {Cordless drill/Hammer/Angle grinder/Ladder/Torque wrench/Saw/Spirit level/Screwdriver set}
name [=vaccine]: Influenza | Hepatitis B | Tetanus | Polio | Rabies | Varicella
name title [=voucher]: {Dinner for two/Spa day/Book/Movie night/Garden center} voucher
name title [=website]: {Home/Contact/Help Center/Shop/Blog/Careers}
name [=wine]: {Riesling/Merlot/Pinot Noir/Chardonnay/Malbec} {Reserve/Estate/Old Vines} {2019/2020/2021/2022}
name title [=commodity]: Wheat | Copper | Crude oil | Coffee | Cotton | Silver | Natural gas | Sugar
name title [=constituency =district]: {North/South/East/West/Central} {Riverside/Hillcrest/Harbor/Oakwood}
name [=puppy =kitten =foal =calf]: Bella | Max | Luna | Milo | Coco | Rocky | Nala | Oscar | Lola | Rex
claim_subtype: rear-end collision | burst pipe | burglary | broken window | storm damage | lost luggage
subtype sub_type: {A/B/C}<1-9>
"""
