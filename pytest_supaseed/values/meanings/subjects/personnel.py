"""Words and phrases of employers: employees, positions, candidates, leave and reviews; and biographies of persons.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
name title [payrun pay_run payroll_run payroll_payrun payroll payroll_period]: Payroll
 {January/February/March/April/May/June/July/August/September/October/November/December} <2023-2025>
label name description title [payslip_line payslip_item pay_component payroll_item earning deduction]: Base salary |
 Overtime
 | Bonus | Health insurance | Pension | Income tax | Night shift allowance | Travel expenses
kind type leave_type leave_kind [leave leave_request leaverequest absence time_off vacation]: vacation | vacation |
 sick |
 parental | unpaid | training
position [staff@hotel employee@hotel]: Receptionist | Chef | Housekeeper | Concierge | Waiter | Night Manager |
 Bartender
chef_name counterparty_name corresponding_author guardian_of contact_person_name beneficiary_name payee_person
 primary_guardian: {first_name} {last_name}
name [beneficiary dependent]: {first_name} {last_name}
category topic [training workshop certification]: safety | leadership | software | communication | compliance |
 languages
bio biography about about_me introduction profile_summary [@person profile member speaker]: +1-3 {bio}
bio biography about_me: +1-3 {bio}
description mission [department team division unit]: {Plans/Runs/Builds/Supports} {the website/customer
 projects/purchasing/recruiting/the network/events} {for all locations/with <3-24> people/and reports to the
 {CEO/CFO/board}}.
code department_code [department division]: {FIN/HR/ENG/MKT/OPS/LEG/SAL/ITS}-<#2>
cost_center: CC-<#4>
location work_location office_location [department employee position posting job candidate team]:
 {Berlin/Boston/Leeds/Lyon/Denver/Remote/Toronto/Madrid/Vienna}
pay_grade grade salary_grade job_grade [employee position @staff]: G<1-12> | {A/B/C}<1-5>
level job_level seniority experience_level seniority_level [employee position posting job @staff]: junior | mid |
 senior | lead | principal
employment_type contract_type [employee position posting job contract@staff employment]: full_time | part_time |
 contract | internship
remote_policy work_mode workplace_type: on-site | hybrid | remote
flsa_status: exempt | non-exempt
tshirt_size shirt_size uniform_size: XS | S | M | L | XL
ethnicity: not stated | Asian | Black | Hispanic | White | Two or more
desk_number desk: D-<100-480>
office office_room [employee]: {Berlin/Boston/Leeds/Lyon/Denver/Toronto}
termination_reason leaving_reason exit_reason [employee contract@staff employment @staff]: new position | relocation |
 end of contract | retirement | personal reasons | redundancy
responsibilities duties tasks [position job posting role job_posting]: +1-3 {^duty} {duty_object}. | {^duty} and
 {duty} {duty_object}.
requirements qualifications [position job posting role job_posting]: +1-3 <1-8> years of experience with {skill}. |
 {Good/Very good} knowledge of {skill} and {skill}. | Degree in {Economics/Computer Science/Engineering/Design} or
 similar. | {Fluent/Good} {English/German/Spanish/French}. | {Driving license/Willing to travel/Team player/Careful
 worker}.
description summary [position job posting job_posting vacancy]: +2-3 {job_sentence}
title name [position posting job_posting vacancy]: {Junior /Senior /Lead /Associate /}{role_word}
salary_range pay_range: $<40-70>,000 - $<75-120>,000
benefits perks [employee position job posting job_posting company offer @staff]: health insurance | home office |
 bicycle leasing | training budget | pension plan | free lunch | extra leave
hiring_manager manager_name manager supervisor interviewer approver reviewer recruiter trainer instructor team_lead
 facilitator assigned_to inspector analyst invigilator rater: {first_name} {last_name}
source [candidate application applicant posting job_posting]: referral | job board | career page | LinkedIn | agency |
 university
cover_letter motivation motivation_letter [candidate application applicant]: +2-3 {letter}
cover_letter [offer]: We {saw/visited} the house {twice/last week} and {love the garden/would like to raise our
 children here}. Our offer is {financed/without conditions/open until Friday}.
current_company employer previous_employer company [candidate employee guest @staff]:
 {Alder/Beacon/Cedar/Harbor/Linden/Maple/Summit/Willow} {Labs/Foods/Media/Software/Retail/Energy}
current_title current_position: {Junior /Senior /Lead /Associate /}{role_word}
notes comments feedback [candidate application applicant interview]: +1-2 {interview_note}
feedback notes comments comment [viewing showing]: {Liked/Loved} the {kitchen/garden/light/location}, {but found it
 small/price is fine/wants a second visit}. | {Too/Quite} {noisy/dark/expensive/far from work}. | Will {decide next
 week/talk to the bank/bring the family}.
interview_type: phone | video | on-site | technical | panel
recommendation decision [interview candidate]: strong hire | hire | no hire | undecided
strengths strong_points: {skill}, {trait} | {trait} and {trait} | {skill} and {skill}
weaknesses weak_points: {little experience with/basic knowledge of} {skill} | {nervous at first/talks fast/few
 examples/short notice period}
availability earliest_start: immediately | in two weeks | in one month | in three months
location [interview meeting appointment]: {Room/Office} <1-40> | Video call | {Berlin/Boston/Leeds} office
leave_type absence_type time_off_type: vacation | sick | parental | unpaid | training
reason [leave leave_request absence time_off]: {Family/Summer/Ski/City} {holiday/trip/visit} | {Moving house/Medical
 appointment/Wedding/Child is ill/Training course/Long weekend/Parental leave}
approver_comments manager_comments: {Approved, enjoy/Please check with the team first/Fine/Short notice, but
 fine/Please hand over {the release/open tickets}}.
handover_notes handover: {first_name} {takes/answers} {the calls/open tickets/the release/mail} {until Monday/from the
 3rd/during the week}.
task_description work_description activity_description description [timesheet time_entry timelog]: {^verb} the {part}
 | {Meeting/Call/Workshop} with {the customer/the team/finance} | {Support/Training/Planning/Documentation}
comments notes [timesheet time_entry]: none | {worked from home/on site/travel included/training in the morning}
description [expense expense_item]: {Train/Flight/Taxi/Hotel/Lunch/Dinner/Parking} {in/to} {Berlin/Boston/Leeds/Lyon}
 | {Office chair/Books/Printer paper/Software license/Conference ticket}
category expense_category expense_type [expense expense_item]: travel | meals | lodging | office supplies | training |
 mileage
goals objectives targets [performance_review review_cycle employee goal @staff]: +1-2 {^duty} {duty_object} by
 {March/June/the end of the year}. | Learn {skill}. | {Mentor/Train} {one colleague/two juniors}.
achievements accomplishments: +1-2 {Led/Finished/Improved/Introduced} {the migration/onboarding/the new report/weekly
 reviews}{./ ahead of time./ with a small team.} | {Won/Kept} {three customers/the largest account}. | Learned
 {skill}.
areas_for_improvement improvements development_areas: {Delegate/Document/Ask/Plan} {more/earlier}. | More practice
 with {skill}. | {Shorter meetings/Clearer estimates/Better notes}.
comments employee_comments summary overall_comments reviewer_comments [performance_review appraisal @staff]: +2-3
 {review_note}
certification certifications certificate: {First Aid/Forklift/Project Management/Cloud Practitioner/Food Safety/ISO
 Auditor/CPR}
provider vendor training_provider [training course benefit]: {Example/Sample/Harbor/Summit/Lantern}
 {Academy/Training/Insurance/Institute}
name benefit_name [benefit]: {Health/Dental/Vision/Life/Disability} insurance | Pension plan | {Bicycle leasing/Meal
 vouchers/Gym membership/Public transport ticket}
description [benefit]: {Covers/Pays} {50/75/80/100}% of {costs/contributions/the ticket} {for employees/for
 families/after the first year}.
coverage_level coverage [benefit insurance]: employee | employee + spouse | family
eligibility: all employees | full-time | after {3/6/12} months
type benefit_type [benefit]: health | retirement | transport | wellness
languages_spoken spoken_languages languages [staff employee guest provider agent]: English | Spanish | French | German
 | Italian | Portuguese | Mandarin
mothers_maiden_name: {last_name}
"""
SLOTS = """
bio: {Designer/Engineer/Teacher/Nurse/Baker/Photographer/Translator/Carpenter/Gardener/Analyst} {from/in/near}
 {Leeds/Boston/Porto/Ghent/Denver/Graz/Oslo/Turin}. | {Likes/Loves} {hiking/old maps/cycling/jazz/cooking/chess/the
 sea/board games} and {good coffee/long train rides/dogs/quiet mornings/crime novels}. | {Father/Mother} of
 {two/three/twins}. | {Works/Has worked} with {children/data/wood/food/plants/small teams} {since <2004-2023>/for
 <2-24> years}. | {Learning/Speaks} {Spanish/Japanese/Portuguese/Danish}. | {Runs/Plans} a {small garden/local
 choir/weekly newsletter/book club}. | {Always/Often} {on two wheels/up before sunrise/looking for the next project}.
duty: plan | coordinate | improve | support | document | review | present | maintain
duty_object: the monthly report | customer projects | our {website/network/machines/events} | budgets and offers | the
 work of <2-9> colleagues | deliveries and stock | training for new colleagues
skill: spreadsheets | SQL | negotiation | Python | project planning | copywriting | bookkeeping | customer service |
 photo editing | logistics | public speaking | data analysis
trait: patient | well prepared | curious | calm under pressure | clear answers | good listener | reliable | friendly
role_word: Accountant | Software Engineer | Project Manager | Data Analyst | Designer | Nurse | Buyer | Recruiter |
 Technician | Sales Manager | Copywriter | Warehouse Supervisor | Teacher | Controller
job_sentence: We are looking for a {patient/experienced/curious/reliable} {role_word} for our team in
 {Berlin/Boston/Leeds/Lyon/Denver}. | You will {duty} {duty_object} and {duty} {duty_object}. |
 {Full-time/Part-time/Three days a week}, {from now on/from March/from September}. | You know {skill} and {skill}. |
 We offer {flexible hours/home office/a training budget/thirty days of leave}.
letter: I have {<2-14> years/several years} of experience with {skill} and {skill}. | {Your/The} position {caught my
 eye/was recommended by a colleague}. | At {my last company/university/a small agency} I {led a team of <2-9>/built up
 the reporting/trained new colleagues}. | I can start {immediately/in March/after my notice period}. | I would be glad
 to {talk/meet/show my work}.
interview_note: {Good/Strong/Solid} answers on {skill}. | {Little/Some} experience with {skill}. | {Friendly/Well
 prepared/Asked good questions/A bit nervous}. | Second interview {on Monday/next week/with the team}. | Expects
 {flexible hours/<40-90>,000/home office}. | References {checked/requested}.
review_note: {Reliable/Careful/Creative/Fast} and {helpful/well organized/open to feedback}. | {Met/Exceeded/Nearly
 met} the goals for {sales/quality/delivery/support}. | {Took over/Shared/Improved} {the release/onboarding/the weekly
 report}. | {Could/Should} {delegate more/plan earlier/ask sooner}. | Next step: {lead a project/learn {skill}/mentor
 a colleague}.
"""
