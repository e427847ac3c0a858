"""Words and phrases of schools, libraries and research.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
name branch_name [branch@library]: {place} Library | {place} {North/South/Park} Library
title name [reading_list book_list wish_list collection@library]: {Summer/Winter/Holiday/Weekend} {reading/books} |
 {Crime/Poetry/Travel/History/Science/Garden} {favorites/classics/shelf} | To read {next/in <2025-2027>/again} | For
 {the
 book club/long trains/rainy days/Sunday}
title [teacher instructor professor]: Mr. | Ms. | Dr. | Prof.
principal_name headmaster dean_name coach_name head_teacher: {first_name} {last_name}
action_taken [incident@school]: {Talk with the parents/Detention/Warning/Moved seat/None/Apology written}
name title [degree program]: {Bachelor/Master} of {Arts/Science/Education}
name school_name [school college university]: {Riverside/Oakwood/Lincoln/Northside/Hillcrest/Lakeview/Maple Grove/St.
 Mary's/Cedar Park} {Elementary School/Middle School/High School/Academy}
previous_school feeder_school alma_mater: {Riverside/Oakwood/Lincoln/Northside/Hillcrest/Lakeview} {Elementary
 School/Middle School/High School}
district: {Riverside/Northern/Central/Lakeshore/West} {Unified/Valley/County} District
motto [school guild team]: {Learn/Grow/Lead/Dare/Think} and {serve/share/care/achieve/play} |
 {Courage/Honor/Curiosity/Unity} and {patience/truth/kindness/strength} | Together {further/stronger/forward}
mascot: Eagles | Bears | Falcons | Wolves | Tigers | Otters | Hawks
accreditation: regional | national | state | pending
school_type: public | private | charter
name department_name department [department@school faculty]: Mathematics | Science | English | History | Arts |
 Languages | Physical Education | Computer Science | Music
building [@school department classroom]: {North/South/Main/Science/Arts} {Hall/Building/Wing}
room classroom office office_room homeroom [class course teacher @school]: {A/B/C/N/S}<100-320> | Room <1-40>
locker_number locker: {A/B/C}<10-480>
bus_route: Route <1-24>
qualification degree highest_degree [teacher instructor professor candidate employee]: B.A. | B.Sc. | B.Ed. | M.A. |
 M.Sc. | M.Ed. | Ph.D.
subject_specialty teaching_subject subject subject_area [teacher instructor course class lesson exam journal]:
 {subject}
office_hours: {Mon/Tue/Wed/Thu} {9-10/10-11/13-14/15-16}:00 | by appointment
title name course_name course_title [course class module curriculum]: {Introduction to/Advanced/Applied/Topics
 in/Foundations of} {subject} | {subject} {I/II/III/101/for Beginners}
name title [subject discipline]: {subject}
description summary [course class module curriculum]: +2-3 {course_sentence}
syllabus course_outline outline: +2-3 Week <1-14>: {topic} and {topic}. | {Midterm/Project/Essay} on {topic}. |
 Reading: chapters <1-4> to <5-12>.
learning_objectives objectives learning_outcomes goals [course class lesson module]: +1-2
 {Explain/Compare/Apply/Analyze/Describe} {topic}. | {Use/Write about/Discuss} {topic} and {topic}.
prerequisites: none | {subject} {I/101} | permission of the instructor | {subject} and {subject}
textbook: {Principles of/A Short Course in/Understanding/Modern} {subject}
code course_code [course class module]: {MATH/HIST/ENGL/BIOL/PHYS/ARTS/CSCI}-<101-499>
code department_code [department@school]: {MAT/SCI/ENG/HIS/ART/LAN/MUS}
section [class course enrollment]: {A/B/C/D} | <#2>
days class_days: Mon/Wed/Fri | Tue/Thu | Mon/Wed | Fri
meeting_day meeting_days weekdays: Mon | Tue | Wed | Thu | Fri
semester term academic_term: Fall 2024 | Spring 2025 | Summer 2025 | Fall 2025
academic_year school_year: 2023/24 | 2024/25 | 2025/26
level [course class]: introductory | intermediate | advanced
grade letter_grade final_grade [enrollment student submission exam_result result course]: A | A- | B+ | B | B- | C+ |
 C
withdrawal_reason drop_reason [@school enrollment student course]: schedule conflict | moved away | health | changed
 major | workload
title name [assignment homework project_assignment]: {Essay/Problem set/Lab report/Presentation/Worksheet/Reading
 journal} <1-12>: {topic} | {Essay/Presentation/Poster} on {topic}
instructions description [assignment homework exam quiz test]: +1-3 {assignment_sentence}
type assignment_type [assignment homework]: essay | quiz | project | lab | worksheet
content answer text submission_text [submission answer]: +1-3 {essay_sentence}
feedback teacher_comments teacher_feedback comments comment [submission assignment grade exam_result]: +1-2 {feedback}
remarks remark comments comment [report_card result@school attendance]: {remark}
notes [attendance]: {remark}
excuse excuse_reason absence_reason [attendance absence]: {illness/doctor's appointment/family event/bus was
 late/sports event/no excuse}
name title exam_name [exam test quiz]: {Midterm/Final/Unit/Entrance} {exam/test} in {subject} | {subject} quiz <1-9>
venue location hall [exam class @school]: {Main Hall/Gym/Library/Room <1-40>/Auditorium}
incident_type [incident@school]: late | disruption | bullying | damage | injury | absence
description details [incident@school]: {Argument/Accident/Disruption/Damage} {in the hallway/during lunch/in class/on
 the playground}, {one student/two students} involved. | {Phone used/Window broken/Left class} {during {subject}/at
 break/without permission}.
resolution [incident@school]: {Talk with the parents/Apology/Detention/Warning/Damage paid/Seat changed}.
location [incident@school]: hallway | playground | classroom | cafeteria | gym | bus
title name [announcement notice bulletin]: {School/Office/Library/Gym} closed {on Monday/on Friday/next week} |
 {Parents' evening/Field trip/Concert/Book fair/Sports day} on {March/May/October} <1-28> | New {opening
 hours/menu/bus schedule/dress code}
body content message description [announcement notice bulletin]: +1-2 The {parents' evening/field trip/concert/book
 fair/sports day} {starts at <5-7> pm/takes place in the {gym/main hall}/was moved to {Tuesday/Friday}}. | Please
 {sign up by Friday/bring the form/use the side entrance/be on time}. | {Lunch/Transport/Childcare} is {provided/not
 provided}. | Questions? Ask {the office/your class teacher}.
relationship relation guardian_relationship [student guardian]: mother | father | grandmother | aunt | guardian |
 uncle
relationship relation [patient employee beneficiary contact]: mother | father | grandmother | aunt | guardian |
 brother | sister | spouse
biography bio about [teacher instructor professor]: +1-2 Teaches {subject} since <1998-2024>. | Studied {subject} in
 {Leeds/Boston/Ghent/Lisbon}. | Leads the {chess club/choir/science fair/drama group}. | Likes {hiking/old
 maps/cycling/jazz}.
title name book_title [book novel ebook]: The {book_adj} {^book_noun} | {^book_noun} and {^book_noun} | {A Short
 History/The Art/The Book/A Field Guide} of {^book_topic} | {Letters/Notes/Stories} from {book_place} | The
 {book_noun} of {book_place}
subtitle [book article]: A {novel/memoir/handbook/history/travelogue} | {Essays/Stories/Letters} from {book_place} |
 {A history/An introduction} of {book_topic}
summary synopsis description blurb plot [book novel publication ebook]: +2-3 {book_sentence}
series [book]: The {^book_noun} Trilogy | {book_place} Chronicles | Short Introductions | Field Guides
genre [book novel]: Novel | Mystery | Biography | History | Science | Poetry | Children | Travel | Fantasy
favorite_genre genres: Mystery | Biography | History | Fantasy | Poetry | Travel
age_range age_group target_age: 0-5 | 6-9 | 10-13 | 14-17 | adults
reading_level: beginner | intermediate | advanced
format book_format [book edition copy]: hardcover | paperback | e-book | audiobook
dimensions [book item package product]: <12-24> x <18-30> x <1-6> cm
subjects keywords subject_headings [book journal]: {book_topic} | {topic}
keywords [article]: {topic}
awards award: {Harbor Prize/Northern Book Award/Golden Pen/Lantern Medal} <1995-2024>
pen_name pseudonym: {A./J./M./R.} {Marlowe/Linden/Ashby/Quill/Harrow}
imprint: {Lantern/Harbor/Quill/North} Books
biography bio about [author writer]: +1-3 Born in <1938-1990> in {book_place}. | Writes {novels/essays/poems/travel
 books} about {book_topic} and {book_topic}. | {First novel/Debut} in <1975-2020>. | Lives {by the sea/in Porto/in
 Leeds/in the mountains} with {two cats/a large family/a dog}. | Worked as a {teacher/journalist/nurse/carpenter}
 before.
location pickup_location branch [copy reservation @library]: {Main/North/Riverside/Station} {Branch/Library}
shelf shelf_mark shelf_number: {A/B/C/D}-<1-24>
notes [copy loan @library]: {Cover/Spine/Page <12-320>/Map} {torn/repaired/stained/missing} | Renewed by {phone/mail}
membership_type member_type [member @library]: adult | child | student | senior | family
notification_method: email | sms | phone
speaker presenter host_name [event talk]: {author}
title name [event@library workshop@library talk]: {Story Time/Author Reading/Poetry Evening/Book Club/Coding for
 Kids/Chess Night/Genealogy Workshop/Film Night}: {book_topic} | {Reading/Talk} on {book_topic}
title name [event conference meetup webinar]: {event_kind} {event_theme}
description [event conference meetup webinar]: +1-3 {event_sentence}
materials [event workshop]: none | {pens/laptops/scissors/books} {provided/required}
name title [journal magazine]: {Journal/Annals/Review/Archives} of {Applied/Modern/Experimental/Clinical}
 {Biology/Physics/History/Economics/Linguistics/Geology/Statistics}
frequency [journal magazine]: monthly | quarterly | biannual | annual
abbreviation [journal]: {J./Ann./Rev./Arch.} {Appl./Mod./Exp.} {Biol./Phys./Hist./Econ./Geol.}
title name [article paper publication]: {Effects/A study/Measurement/A model} of {research_topic} {in/on}
 {research_object} | {Toward/Rethinking/Mapping} {research_topic} in {research_object}
abstract [article paper publication thesis]: +2-3 {research_sentence}
funding funding_source: {National Science/Harbor/Lantern/European Research} {Foundation/Council} (<#6>)
license [article dataset]: CC BY 4.0 | CC BY-NC 4.0 | all rights reserved
pages page_range [article]: <1-180>-<181-320>
facilities [library branch@library]: reading room | children's corner | study rooms | cafe | parking | printers |
 makerspace
name title [lesson lecture chapter@school]: {topic} | {Introduction to/More about/Practice:} {topic}
name title [training workshop certification]: {First Aid/Fire Safety/Time Management/Data Protection/Public
 Speaking/Project Planning/Spreadsheet Basics/Negotiation/Mentoring/Conflict Resolution}{/ I/ II/ Refresher}
description objectives outcomes [training workshop]: +1-2 {Learn/Practice/Refresh} {the basics/common cases/new rules}
 of {first aid/data protection/planning/negotiation/safe lifting}. | {Half a day/One day/Two evenings}, {in small
 groups/online/with exercises}.
format [training course workshop]: online | classroom | hybrid | self-paced
audience [training workshop]: all staff | managers | new employees
name [pet animal dog cat]: Bella | Milo | Luna | Charlie | Coco | Max | Daisy | Oscar | Lucy | Simba | Poppy | Felix
"""
SLOTS = """
subject: Algebra | Geometry | Biology | Chemistry | Physics | World History | Literature | Geography | Economics |
 Psychology | Statistics | Computer Science | Music Theory | Art History | Spanish | French | Philosophy | Civics
topic: photosynthesis | the French Revolution | linear equations | climate zones | the periodic table | poetry |
 probability | ancient Rome | cell division | supply and demand | short stories | electric circuits | plate tectonics
 | human rights | fractions | sound waves | sorting algorithms | impressionism | the water cycle | rhetoric
course_sentence: Covers {topic}, {topic} and {topic}. | {Two/Three/Four} {lectures/seminars/labs} a week. | Students
 {write/present/discuss} {an essay/a project/a case} on {topic}. | No {prior knowledge/textbook} required. | Builds on
 {subject}. | Ends with {a written exam/a project/a presentation}.
assignment_sentence: {Read/Summarize/Review} chapter <1-14> on {topic}. | Write <200-900> words about {topic}. |
 {Solve/Answer} questions <1-4> to <5-12>. | {Compare/Explain} {topic} and {topic}. | Work {alone/in pairs/in groups
 of three}. | Bring {a calculator/your notes/two sources}. | Hand it in {as a PDF/on paper/before class}.
essay_sentence: In this {essay/report} I {compare/explain/describe} {topic} and {topic}. | The {main/first/most
 important} reason is {time/money/geography/chance}. | Our {experiment/survey/source} shows {a clear trend/no
 difference/two causes}. | In the end {topic} {mattered more/was the result/changed slowly}. | Figure <1-4> shows {the
 results/the map/the setup}.
feedback: {Good/Clear/Careful/Creative} {work/structure/argument/examples}. | Please {check the sources/show your
 steps/watch the spelling/add a conclusion}. | The part on {topic} is {convincing/too short/well explained}. | {Well
 done/Keep going/See me after class}.
remark: {Good progress/Well prepared/Needs practice/Careful work/Excellent/Improved a lot/Could read more/Quiet but
 attentive/Left early/Arrived late/Excused} | {Strong/Better/Weak} in {topic}
book_adj: Silent | Last | Invisible | Borrowed | Northern | Winter | Paper | Forgotten | Glass | Long | Burning |
 Secret
book_noun: lighthouse | garden | river | orchard | mapmaker | harbor | bridge | summer | island | clockmaker | house |
 letter | forest | violin
book_topic: maps | bread | birds | bridges | gardens | silence | trade | light | rivers | walking | memory | salt |
 trees
book_place: the North | Lisbon | the Valley | Two Rivers | the Harbor | Winter Island | the Salt Road | Old Town
book_sentence: A {young/retired/stubborn} {teacher/clockmaker/nurse/gardener/sailor} {returns to/leaves/inherits a
 house in} {book_place}. | {Two sisters/Three friends/A father and his son} {search for/remember/quarrel about} a lost
 {book_noun}. | A {clear/quiet/funny/moving} book about {book_topic} and {book_topic}. | Set in <1850-1990>, between
 {book_place} and {book_place}. | Nothing is the same after the {book_noun} {burns down/is sold/reappears}. | With
 {maps/photographs/recipes/an index} and {notes/exercises/illustrations}.
event_kind: Annual | Spring | Summer | Autumn | Winter | Open | Evening | Weekend | Regional
event_theme: Conference | Meetup | Book Fair | Design Workshop | Food Festival | Charity Run | Jazz Night | Garden
 Market | Hackathon | Photo Exhibition | Family Day | Science Fair | Board Game Night | Wine Tasting
event_sentence: {Join us/Come along/Bring friends} for {music and food/talks and coffee/an evening of stories/hands-on
 sessions}. | {Doors open/Registration starts} at <5-9> {am/pm}. | {Speakers/Guests/Artists} from {four countries/the
 region/Porto and Ghent}. | {Tickets/Seats/Places} are {limited/free/available at the door}. |
 {Food/Childcare/Parking} is available. | Topics are {book_topic}, {book_topic} and {book_topic}.
research_topic: soil moisture | urban noise | reading habits | bee populations | wage growth | river sediments | sleep
 quality | bird migration | battery aging | price changes | water use | language contact
research_object: coastal regions | alpine valleys | small towns | young adults | primary schools | lowland forests |
 shared housing | older buildings | island communities | mixed farms
research_sentence: We {measured/studied/modelled} {research_topic} in {research_object} over {two/three/five} years. |
 The sample has <120-4800> {records/participants/sites}. | {Results/Estimates} show {a weak trend/a clear increase/no
 effect/large differences} of {research_topic}. | Earlier work on {research_topic} {did not include/overlooked}
 {research_object}. | We {discuss/propose/compare} {limits/two models/possible causes}.
"""
