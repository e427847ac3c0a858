"""Words and phrases of museums, auctions, charities and sports.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
name [artist@arts painter sculptor photographer maker@arts]: {first_name} {last_name}
sort_name artist_sort [artist @arts author]: {last_name}, {first_name}
movement art_movement style school_of art_style [artist artwork painting @arts]: Impressionism | Expressionism |
 Baroque | Cubism | Realism | Romanticism | Art Nouveau | Pop Art | Minimalism
biography bio [artist@arts painter sculptor]: +2-3 Born in {book_place}, trained in
 {Paris/Vienna/Antwerp/Florence/Munich}. | Painted {harbors/portraits/interiors/winter landscapes} {for <10-40>
 years/after <1890-1960>}. | Taught at the academy from <1890-1970>. | {First/Last} exhibition in <1880-1990>. | Works
 in {oil/bronze/watercolor/wood}, often {small/unsigned/from memory}.
title name [artwork painting sculpture lot auction_lot object@arts print photograph]: {art_subject} | {art_subject}
 {with/and} {fruit/a dog/red chair/boats/lamp} | Study for "{art_subject}" | {Untitled/Composition} {No.
 <1-40>/(<1905-1998>)}
creation_date date_text dated date_created_text [artwork painting object@arts @arts]: <1750-1990> | ca. <1700-1960> |
 <1850-1899>-<1900-1910> | {early/late} {18th/19th/20th} century
medium materials technique material [artwork painting sculpture object@arts lot @arts]: oil on canvas | oil on panel |
 watercolor on paper | bronze | marble | etching | gelatin silver print | tempera on wood | charcoal | ceramic
dimensions dimensions_text [artwork painting @arts lot]: <12-190>.<0-9> x <12-220>.<0-9> cm | <20-90> x <20-90> x
 <5-60> cm
classification object_type object_name [artwork object@arts @arts]: painting | sculpture | drawing | print |
 photograph | textile | furniture | ceramic
culture [artwork object@arts @arts]: Dutch | French | Italian | Japanese | German | Greek | Egyptian | American
period era [artwork object@arts artist @arts]: Renaissance | Baroque | 18th century | 19th century | Modern |
 Contemporary | Edo period
subject_matter motif iconography depicts: landscape | portrait | still life | seascape | interior | mythology | street
 scene
inscription inscriptions: signed and dated lower {left/right} | "{A./J./M./R.} {last_name} <1850-1960>" on the back |
 monogram lower left | none
signature_location signed: lower left | lower right | on the back | not signed
provenance ownership_history: {Artist's estate/Private collection, {Paris/Vienna/Boston/Leeds}}; {acquired/by descent}
 <1920-1990>; {gift of {first_name} {last_name}/purchased from the dealer/bequest}, <1991-2023>.
credit_line credit acknowledgment: {Gift of/Bequest of} {first_name} {last_name}, <1950-2023> | Purchased with
 {members'/lottery/state} funds, <1950-2023>
acquisition_method acquisition_type: purchase | gift | bequest | exchange | transfer | long-term loan
copyright_status rights_status: public domain | in copyright | unknown | licensed
gallery_label label_text wall_text object_label caption_text: +2-3 {Painted/Made/Printed} in {book_place}, {a year
 before/after} {the move to Paris/the war/the artist's death}. | {Light/Color/Silence} is {the true subject/built up
 in thin layers}. | {Compare/Note} the {hands/reflection/empty chair} {at left/in the background}. | {First/Last}
 shown in <1890-2010>.
catalog_entry lot_essay essay [artwork lot auction_lot @arts]: +2-3 {Painted/Made} in {book_place}
 around <1850-1960>. | The {composition/brushwork/frame} {is close to/differs from} the version in
 {Vienna/Leeds/Boston/Ghent}. | {Infrared/X-ray/Archive} study shows {an earlier figure/a changed horizon/the original
 title}. | Exhibited in {Paris/Basel/London} in <1900-2015>.
name gallery_name [gallery exhibit_room]: {East/West/North/Main/Upper/Sculpture/Print} {Gallery/Hall/Cabinet}
 {/<1-14>}
wing building_wing: North Wing | South Wing | East Wing | West Wing | New Building
theme topic [gallery exhibition @arts]: Landscape | Portraits | Modern Life | Sculpture | Photography | Design |
 Ancient World
wall_color wall_finish: white | dark red | gray | olive | midnight blue
title exhibition_title name [exhibition show@arts]: {Light/Silence/Color/Paper/Water/Home} and
 {Shadow/Form/Memory/Stone/the City} | {last_name} in {Paris/Vienna/Leeds/Lisbon} | {Masters/Women/Photographers} of
 {the North/the Harbor/<1890-1970>}
subtitle [exhibition]: {Works/Drawings/Photographs} {from/since} {<1880-1990>/the collection/three centuries}
concept curatorial_statement exhibition_text press_release [exhibition @arts]: +2-3 The exhibition {shows/brings
 together} <20-140> {works/drawings/photographs} {from the collection/on loan from six museums}. | {Rooms/Sections}
 follow {light/water/the street/the body} from <1850-1950> to today. | {Many/Some} have {never been shown/returned for
 the first time since <1950-1990>}. | Supported by {friends of the museum/the state/private lenders}.
sponsor exhibition_sponsor main_sponsor title_sponsor: {Harbor/Keystone/Linden/Summit/Northern/Example}
 {Bank/Energy/Foundation/Airlines/Insurance}
case_number display_case vitrine: {C/V}-<1-48>
mount_type mounting hanging_method: wall hooks | plinth | display case | easel | ceiling cable | floor stand
loan_type [loan@arts]: outgoing | incoming | long-term | exhibition
lender borrower borrower_institution lending_institution institution partner_institution museum museum_name [loan@arts
 @arts exhibition]: {City/Harbor/National/University} {Museum/Gallery/Collection} of
 {Leeds/Vienna/Lyon/Ghent/Oslo/Boston/Basel}
purpose loan_purpose [loan@arts]: exhibition | research | conservation | photography
shipping_method transport_method [loan@arts @arts]: climate-controlled truck | air freight | courier by hand | sea
 freight
packing_instructions packing_notes: {Climate crate/Soft wrap/Travel frame}, {upright/face up/no stacking}{./,
 acclimatize <12-48> hours.} | {Corners/Glass/Surface} {protected/taped/not to be touched}.
facility_report climate_report: +1-2 {Temperature/Humidity} {stable/within limits}, {<19-21> °C/<45-55>% RH}. |
 Security {24 hours/cameras in all rooms}.
condition condition_report condition_description condition_notes [artwork loan@arts lot @arts conservation_report]:
 +1-2 {Stable/Good/Fair}, {small losses at the edges/fine craquelure/old retouching/surface dirt/slight warping}. |
 {Varnish/Frame/Canvas} {yellowed/restored/relined/sound}, {no/minor} {tears/stains/losses}.
treatment_proposed treatment_done treatment proposed_treatment [conservation_report @arts]: {Surface
 cleaning/Consolidation/Varnish removal/Retouching/Relining} {with deionized water/under the microscope/at the lower
 edge/in two sessions}.
materials_used [conservation_report @arts]: sturgeon glue | Japanese tissue | Paraloid B72 | deionized water |
 watercolor
pigment_analysis uv_findings xrf_result: lead white, {ultramarine/vermilion/ochre/Prussian blue} | {Old
 varnish/Retouching/Later signature} {visible/not visible} {at the edges/in the sky/lower left}
pigment pigments: lead white | ultramarine | vermilion | ochre | Prussian blue
building building_name [storage storage_location @arts room desk]: Main Building | Depot A | Depot B | Annex |
 Workshop
cabinet drawer shelf_no rack: {C/D/S}-<1-40>
climate_zone [storage storage_location @arts]: paintings | paper | photographs | metal | organic
ticket_type [visitor ticket@arts @arts]: adult | reduced | child | family | group | free
age_group visitor_group target_group [visitor tour guided_tour @arts]: children | students | adults | seniors |
 families
benefits membership_benefits [membership]: {Free entry/Free entry with guest/Preview evenings/Magazine/10% in the
 shop/Guided tours}
level membership_level tier [membership member@arts donor]: individual | family | friend | patron | benefactor
auction_house: {Harbor/Northern/Linden/Keystone} Auctions
sale_name auction_title [lot auction_lot auction]: {Old Masters/Modern Art/Prints and
 Drawings/Design/Jewelry/Photographs/Wine} {/Evening Sale/Day Sale/Online}
literature bibliography references_text publications: {last_name}, {Catalogue/Letters/Paintings}, <1950-2015>, no.
 <10-400> | {Exhibition catalogue/Journal of Art History} <1960-2020>, p. <10-340>
exhibited exhibition_history: {Paris/Basel/Leeds/Vienna/Boston}, {Salon/City Gallery/Kunsthalle}, <1890-2015>
bidder_paddle paddle_number paddle: <100-990>
accessibility_notes accessibility: {Step-free access/Elevator at the north entrance/Seats on the way/Sign language on
 request/Large print available}.
campaign_name name [fundraiser campaign@charity appeal fund]: {Winter/School/Water/Clean River/New Roof/Food Bank}
 {Appeal/Fund/Drive} {2024/2025}
donation_type gift_type [donation gift]: one-time | monthly | in kind | bequest | matching
dedication in_memory_of tribute: In memory of {first_name} {last_name} | In honor of {first_name} | none
cause program_area focus_area [charity donation nonprofit grant volunteer]: education | health | environment | shelter
 | hunger relief | animal welfare
sport sport_type [league team athlete club @sport]: football | basketball | handball | ice hockey | volleyball | rugby
name league_name [league division@sport]: {First/Second/Regional/National/Northern} {League/Division}
name team_name club_name [team@sport club@sport]: {team_place} {United/Rovers/City/Athletic/Wanderers/Rangers}
short_name abbreviation tricode [team @sport]: <A3>
nickname team_nickname [team@sport club@sport stadium]: The {Harbor/Blue/Northern/Old/Iron}
 {Gulls/Foxes/Lions/Ravens/Wolves/Kings}
nickname [player@sport athlete]: {The Wall/Rocket/Tiny/Ace/Lefty/Turbo/Captain}
home_colors away_colors team_colors kit_colors: {red/blue/green/white/black/yellow} and {white/black/gold/navy}
anthem club_song: {Forever/Onward/Together} {United/Blue/by the Harbor}
name stadium_name [stadium arena ground]: {Harbor/Lakeside/Union/Riverside/Memorial/Mill Lane}
 {Stadium/Park/Arena/Ground}
surface pitch_surface court_surface track_surface playing_surface: grass | artificial turf | hybrid grass | hardwood |
 clay
roof_type roof [stadium arena @sport]: open | partial | full | retractable
position playing_position [player@sport athlete lineup]: Goalkeeper | Right Back | Centre Back | Left Back |
 Midfielder | Winger | Striker
preferred_foot strong_foot: right | left | both
injury_status fitness_status: fit | injured | doubtful | in rehabilitation
scouting_report scout_notes player_report: +2-3 {Quick/Strong/Calm/Creative} {on the ball/in the air/in duels/with
 both feet}. | {Good/Very good/Average} {first touch/passing/stamina/positioning}. | Needs to improve {weak
 foot/decision making/heading/pace}. | Seen {twice/three times} in {March/May/October}, {starter/from the bench}.
instagram twitter facebook social_handle tiktok: @{first_mail}{last_mail}{/<1-99>/.official}
youth_club former_club previous_club from_club to_club new_club old_club club: {team_place}
 {United/Rovers/City/Athletic/Wanderers}
agent agency_contact [player@sport]: {first_name} {last_name}
license_level license_class [referee coach @sport]: national | regional | A license | B license | UEFA Pro
badge_no badge_number [referee]: REF-<#4>
home_association association federation: {Northern/Southern/Coastal/Capital} {Football Association/Region}
round matchday_name stage competition_stage [match@sport game@sport fixture tournament]: Matchday <1-34> |
 Quarter-final | Semi-final | Final | Group {A/B/C/D}
halftime_score half_time_score: <0-2>-<0-2>
score result final_score [match@sport fixture]: <0-4>-<0-4>
tv_channel broadcaster: {Sport One/Channel 4/Arena TV/Stream Sport/none}
match_report report [match@sport fixture]: +2-3 {team_place} {took the lead/equalized/missed a penalty} in minute
 <4-88>. | {Early/Late} goal after a {corner/free kick/counterattack/long ball}. | The keeper saved {twice/three
 times} {in the last minutes/before the break}. | {Fair/Hard/Open} match, {one point each/a deserved win/few chances}.
formation formation_home formation_away lineup_formation: 4-4-2 | 4-3-3 | 4-2-3-1 | 3-5-2 | 5-3-2
man_of_the_match mvp top_scorer captain: {first_name} {last_name}
event_type [match_event game_event play]: goal | yellow card | red card | substitution | penalty | own goal | corner
description commentary [match_event game_event play]: +1-2 {Header/Low shot/Volley/Free kick} {into the {left/right}
 corner/over the bar/saved by the keeper/off the post}. | {Foul/Handball/Offside} {near the line/in midfield/in the
 box}. | {Fresh legs/Change} for the {last/final} <5-30> minutes.
transfer_type [transfer@sport]: permanent | loan | free transfer | loan with option
transfer_window: summer 2024 | winter 2025 | summer 2025
announcement announcement_text press_text: +2-3 {first_name} {last_name} {joins/leaves/extends} {until June
 202<6-9>/on a free transfer/after <2-9> years}. | "{Happy to be here/A new chapter/Thanks to the fans}," {says/said}
 the {striker/keeper/midfielder}.
form recent_form last_five [standing team@sport]: {W/D/L}{W/D/L}{W/D/L}{W/D/L}{W/D/L}
injury_type [injury @sport]: hamstring strain | ankle sprain | ACL tear | concussion | groin strain | broken toe |
 bruised knee
treatment rehab_plan [injury @sport]: {Rest and ice/Physiotherapy/Surgery/Taping/Gym program} {for <1-12>
 weeks/daily/twice a week}
mechanism injury_mechanism: {landing after a header/tackle/sprint/turn without contact/training}
medical_notes physio_notes [injury @sport]: +2-3 {MRI/Ultrasound/X-ray} {on Monday/without findings/shows a partial
 tear}. | {Running/Ball work/Full training} from week <1-9>. | {Pain/Swelling} {reduced/unchanged}.
focus training_focus [training_session workout @sport]: passing | finishing | endurance | set pieces | pressing |
 recovery | defending
drills exercises [training_session @sport]: {Rondo/Sprints/Small-sided game/Finishing circuit/Corner routine} <2-6> x
 <4-12> min
intensity training_intensity effort_level: low | medium | high | very high
pitch pitch_name field_name court [training_session match@sport booking]: Pitch <1-6> | Main pitch | Hall <1-3> |
 Court <1-8>
coach_notes training_notes [training_session workout @sport]: +1-2 {Good/Mixed/Sharp} session, {tempo/first
 touch/pressing} {better than last week/still slow/excellent}. | {Two/Three} players {rested/left early/with the
 physio}.
section [ticket@sport stadium]: {North/South/East/West} {Stand/Terrace} {/A/B/C}
block stand [ticket@sport seat stadium]: {North/South/East/West} {Stand/Terrace} {/A/B/C}
row_label [ticket seat]: {A/B/C/D/E/F/G/H/K/M}
seat [ticket@sport]: <1-42>
gate entrance [ticket@sport]: Gate <1-12>
category price_category [ticket@sport ticket@arts ticket@music seat]: category 1 | category 2 | category 3 | VIP |
 standing
exercise exercise_name name [exercise workout]: Back squat | Deadlift | Bench press | Pull-up | Lunge | Plank | Rowing
 | Kettlebell swing | Shoulder press
muscle_group target_muscle: chest | back | legs | shoulders | arms | core
workout_type class_type [workout gym_class class@gym fitness_class]: yoga | spinning | HIIT | pilates | strength |
 boxing
photo_caption image_caption: {first_name} {last_name} {at/during} {training/the opening/the final/the interview}
photo_credit image_credit photographer_credit: {first_name} {last_name} / {Example/Sample/Harbor} Press
quote pull_quote: "{We never gave up/It took us two years/I would do it again/Nobody expected this/The team comes
 first}," {says/said} {first_name} {last_name}.
lead standfirst deck intro [article news post]: +2-3 {post_sentence}
teaser [article]: +2-3 {post_sentence}
"""
SLOTS = """
art_subject: Harbor at Dawn | Woman with a Letter | The Mill in Winter | Still Life with Lemons | Self-Portrait | View
 of the Lagoon | Boy at the Window | The Card Players | Evening on the Quay | Reading Girl | Orchard in Bloom | The
 Old Bridge | Two Dancers | Market Day
team_place: Harborfield | Northgate | Millbrook | Eastport | Lakeview | Ashford | Riverton | Oakham | Westbridge |
 Kingsmead
"""
