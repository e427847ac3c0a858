"""Words and phrases of animals and farming: veterinary practices, breeders, zoos, shelters, fields and herds.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
species animal_species animal_type species_approved: dog | cat | rabbit | guinea pig | horse | parrot | ferret |
 tortoise
species animal_type livestock_type [herd livestock animal@farm @farm]: cattle | sheep | goat | pig | chicken
name breed breed_name [breed]: {breed}
breed: {breed}
name [horse]: {pet_name}
animal_name pet_name [animal pet dog cat horse]: {pet_name}
size_category size_class [breed animal pet]: toy | small | medium | large | giant
temperament behavior_type: calm | friendly | playful | shy | nervous around strangers | independent | protective
coat_type coat fur_type: short | long | wire-haired | curly | double coat
color coat_color [animal pet breed dog cat horse]: black | brown | white | tan | gray tabby | tricolor | brindle |
 ginger | chestnut | bay
markings: white paws | white chest | black mask | spot over the left eye | striped tail | none
common_health_issues health_issues hereditary_diseases: hip dysplasia | dental disease | ear infections | eye problems
 | heart murmur | skin allergies | patellar luxation
microchip_number microchip chip_number microchip_no transponder: 999000<#9>
diet feeding food diet_type [animal pet boarding breed @vet]: dry food | wet food | raw diet | hay and greens | renal
 diet | weight control
allergies [animal pet @vet]: none known | chicken | beef | flea bites | pollen | grain
chronic_conditions chronic_diseases preexisting_conditions [animal pet @vet]: none | arthritis | epilepsy | diabetes |
 hypothyroidism | kidney disease | heart murmur
cause_of_death: old age | kidney failure | tumor | accident | heart failure
diagnosis [animal visit@vet @vet]: {^animal_condition}
presenting_complaint chief_complaint complaint [visit@vet @vet animal]: {^animal_sign} {for {two days/a week/three
 days}/since {yesterday/the weekend/the walk}}
reason visit_reason [visit@vet appointment@vet @vet]: Annual check-up | Vaccination | {^animal_sign} | Nail trim |
 Dental cleaning | Neutering | Follow-up | Microchipping
anamnesis history case_history [visit@vet animal @vet]: +2-3 {^animal_sign} since {yesterday/the weekend/last week}. |
 Eats and drinks {normally/less/nothing}. | {Indoor/Outdoor} animal, {vaccinated/dewormed} in {March/June/October}. |
 Ate {a sock/chocolate/grass/something in the park}.
notes comments discharge_notes discharge_summary [visit@vet animal @vet]: +2-3 {vet_note}
treatment_plan plan treatment therapy [visit@vet animal @vet]: +2-3 {Pain relief/Antibiotics/Ear drops/Fluids} for
 <3-10> days. | {Diet/Rest/Cone} for <1-4> weeks. | {Blood test/X-ray/Ultrasound/Dental cleaning} {today/next week}. |
 Recheck in <1-4> weeks.
differential_diagnoses differentials differential: {animal_condition}, {animal_condition}
mucous_membranes: pink, moist | pale | slightly dry | red | tacky
hydration_status hydration: normal | 5% dehydrated | 8% dehydrated
prognosis: good | guarded | fair | excellent | poor
findings [surgery@vet visit@vet @vet]: {^animal_condition} | {^animal_sign}, otherwise normal | No abnormal findings
vaccine_name vaccine [animal vaccination@vet @vet]: Rabies | DHPP | FVRCP | Leptospirosis | Bordetella | Myxomatosis |
 Feline leukemia
injection_site [animal vaccination@vet @vet]: left shoulder | right shoulder | left thigh | scruff
adverse_reaction side_effects adverse_event: none | mild swelling | lethargy for a day | hives | fever
warning_label: May cause drowsiness | For animal use only | Keep refrigerated | Shake well | Do not crush
procedure_name procedure [surgery@vet @vet animal]: Spay | Neuter | Dental extraction | Mass removal | Cruciate repair
 | Foreign body removal | Wound repair
anesthetic_protocol anesthesia_protocol anesthetic: propofol, isoflurane | ketamine, medetomidine | alfaxalone,
 sevoflurane | local lidocaine
incision_site surgical_site: ventral midline | left flank | right stifle | lateral neck | scrotal
suture_material suture: Vicryl 3-0 | PDS 2-0 | Monocryl 4-0 | Nylon 3-0 | skin staples
post_op_instructions postoperative_instructions: +2-3 Keep {the wound dry/the cone on} for <7-14> days. | No
 {jumping/baths/stairs/running} for <1-3> weeks. | Remove stitches in <10-14> days. | {Soft/Small} meals for <2-5>
 days.
specialization specialty [veterinarian vet]: small animals | surgery | dentistry | cardiology | exotics | equine
 medicine | dermatology
storage_temperature storage_conditions storage_instructions: 2-8 °C | below 25 °C | 15-30 °C | frozen | room
 temperature
kennel_no kennel kennel_number cage cage_number pen stall box_number: {K/C/P}-<1-48>
feeding_instructions feeding_schedule: {<50-300> g/One cup/Half a can} {dry/wet} food {twice/three times} a day{./,
 warm./, no treats.} | {Morning/Evening} {pill/drops} with food.
walk_schedule exercise_schedule: {Two/Three} walks of <15-40> minutes | {Morning and evening/After meals} | Garden
 only
belongings items_left personal_items: leash and collar | blanket, bowl | toy and basket | carrier | food for <2-9>
 days
behavior_notes temperament_notes: {Pulls on the leash/Afraid of {thunder/men/vacuum cleaners}/Good
 with {children/cats/other dogs}/Barks at night/Escapes through gates/Likes belly rubs}.
reminder_type [reminder@vet @vet]: vaccination | check-up | deworming | dental | follow-up
crop crop_type crop_name name [crop planting field harvest]: winter wheat | maize | barley | potatoes | sunflower |
 soybeans | sugar beet | rapeseed | carrots | oats
variety cultivar seed_variety: {Golden/Early/Northern/Ruby/Harvest} {Star/Queen/Gem/King} {/<1-9>}
soil_type soil soil_texture: loam | clay | sandy loam | silt | peat
irrigation_type irrigation_method: drip | sprinkler | center pivot | furrow | rain-fed
name [plot paddock parcel]: {North/South/Upper/Lower/River/Mill/Oak} {Field/Meadow/Acre/Paddock/Slope}
field_name plot_name parcel_name [field plot paddock parcel]: {North/South/Upper/Lower/River/Mill/Oak}
 {Field/Meadow/Acre/Paddock/Slope}
growth_stage: sowing | germination | tillering | flowering | ripening | harvested
pest pest_name disease pest_type [crop field scouting inspection]: aphids | rust | blight | mildew | slugs | wireworms
fertilizer fertilizer_type product_applied: NPK 15-15-15 | urea 46% | compost | potash | slurry
pesticide herbicide active_substance: glyphosate | metazachlor | tebuconazole | pirimicarb
application_method: sprayed | broadcast | seed treatment | soil injection
ear_tag tag_id animal_tag: {DE/US/GB} 00<#3> <#5>
body_condition health_status [animal herd livestock]: healthy | under treatment | quarantined | lame | pregnant
feed_type feed ration: hay | silage | concentrate | pasture | mixed ration
certification organic_status [farm field product@farm]: organic | in conversion | conventional | GLOBALG.A.P.
sire dam mother_name father_name [animal dog horse litter]: {pet_name}
adoption_status: available | reserved | adopted | in foster care
"""
SLOTS = """
breed: Labrador Retriever | Border Collie | Beagle | Dachshund | German Shepherd | Poodle | Boxer | Maine Coon |
 Siamese | Persian | British Shorthair | Bengal | Holland Lop | Shetland Pony | Haflinger | Jack Russell Terrier
pet_name: Bella | Biscuit | Charlie | Coco | Daisy | Felix | Ginger | Leo | Luna | Milo | Oscar | Pepper | Poppy |
 Rocky | Rosie | Simba | Toby | Nala | Bruno | Maple | Juno | Otis | Hazel | Finn
animal_condition: otitis externa | gastroenteritis | dental disease | skin allergy | cruciate rupture | urinary
 crystals | kennel cough | conjunctivitis | arthritis | flea allergy | foreign body | abscess | hyperthyroidism
animal_sign: limping on the {left/right} hind leg | vomiting | itching | coughing | loss of appetite | diarrhea | head
 shaking | bad breath | swollen eye | drinking more than usual
vet_note: {Bright and alert/Calm/Nervous} on the table. | {Ears/Teeth/Eyes/Heart/Lungs} {normal/clean/slightly
 red/clear}. | Weight {stable/up <1-9>00 g/down <1-9>00 g}. | {Vaccinated/Dewormed/Chip checked}, no reaction. | Owner
 to call {if vomiting returns/in <2-5> days/with test results}. | Stitches out in <10-14> days.
"""
