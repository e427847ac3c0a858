"""Words and phrases of insurers and of public authorities: policies, losses, claims, permits, cases, courts.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
line_of_business business_line insurance_type: motor | home | health | life | liability | travel | marine | property
loss_type claim_type incident_type peril cause_code [claim loss @insurance]: collision | theft | fire | water damage |
 hail | storm | vandalism | glass | third-party injury
cause_of_loss loss_cause: {^loss}
cause [claim loss @insurance]: {^loss}
item_type item_category [claim_item]: hospital stay | medication | repair | towing | rental car | aids
name item_name title [claim_item]: {Hospital stay/Medication/Repair/Towing/Rental car/Wheelchair/Physiotherapy}{, <2-9>
 days/}
claim_channel submission_channel intake_channel reporting_channel: web | app | phone | branch | broker | e-mail
product_name [policy insurance_policy contract@insurance]:
 {Auto/Home/Travel/Life/Liability/Household/Health} {Basic/Plus/Comfort/Premium/Protect/Care}
action [claim_review review@insurance]: approve | reject | request documents | escalate | comment
pattern_name name [fraud_pattern]: Duplicate claim | Late notification | Same bank account | Frequent small claims |
 Inflated invoice | Claim soon after start
payment_account payout_account: DE<#2> 9999 <#4> <#4> <#4> <#2>
deductible_type: fixed amount | percentage | per claim | per year
base_amount_type payout_type: sum insured | actual cost | daily rate | fixed amount
loss_description description_of_loss accident_description incident_description: +2-3 {loss_sentence}
description details [claim@insurance loss]: +2-3 {loss_sentence}
coverage_name name cover [coverage cover@insurance]: {cover}
coverage_type [cover@insurance]: {cover}
coverage_code cover_code: {BI/PD/COLL/COMP/UM/MED/GL/FIRE/THFT/WTR}<1-9>
name product_name plan_name [product@insurance insurance_product insurance_plan]:
 {Auto/Home/Travel/Life/Liability/Household/Boat/Pet/Legal} {Basic/Plus/Comfort/Premium/Protect/Care}
description [product@insurance insurance_product coverage]: +1-2 Covers {cover_word} and {cover_word} {up to the sum
 insured/worldwide/with a deductible}. | Protection against {cover_word} for
 {families/drivers/owners/tenants/travelers}. | {cover} with {low/no/a fixed} deductible, also abroad.
exclusions exclusion [@insurance policy coverage]: +2-3 {Wear and tear/War and unrest/Intentional
 damage/Racing/Flood/Earthquake/Commercial use/Unattended luggage} {is not covered/excluded/only with an extra
 premium}. | No cover for {drivers under 21/trips longer than <30-90> days/vacant buildings/damage before
 {2024/2023}}.
special_conditions policy_conditions conditions [policy @insurance]: {Alarm system must be active/Garage parking at
 night/Named drivers only/Annual inspection of the roof/Security lock required/Deductible doubled for {hail/theft}}.
underwriting_notes underwriter_notes risk_notes: +2-3 {Accepted at standard rates/Loading of <10-50>% for {age/prior
 claims/occupation}/Medical report requested/Inspection of the building {waived/done}}. | {Two/No/Three} claims in
 <3-5> years. | Referred to {the head office/reinsurance} {because of the sum insured/for approval}.
premium_frequency payment_frequency billing_frequency: monthly | quarterly | semi-annual | annual
risk_class underwriting_class: preferred | standard | substandard | declined
usage_type vehicle_usage vehicle_use: private | commuting | business | ride hailing | farm
body_style: sedan | hatchback | wagon | SUV | coupe | van | pickup
anti_theft_device alarm_type: alarm | immobilizer | GPS tracker | steering lock | none
insurer insurer_name reinsurer underwriter_company: {insurer}
agency_name broker_name brokerage_name [broker @insurance]: {Harbor/Keystone/Linden/Summit/Parkside/Granite}
 {Insurance Brokers/Risk Partners/Assurance}
injury_description injury injuries: {Whiplash/Bruised ribs/Sprained wrist/Cut on the {left/right} hand/Mild
 concussion/Broken {arm/collarbone/finger}/Back pain/No injuries}
role party_role party_type [party claim_party @insurance]: claimant | insured | third party | witness | driver | owner
name [claim_party claimant policyholder insured witness]: {first_name} {last_name}
statement witness_statement [claim party claim_party witness @insurance]: +2-3 {witness_sentence}
damaged_part damaged_area damage_location: front bumper | rear bumper | left front door | right rear door | hood |
 windshield | left mirror | trunk lid | roof | kitchen ceiling | cellar wall | parquet floor
damage_type damage: dent | scratch | crack | water stain | burn mark | broken glass | deformation
repair_method: replace | repair | repaint | polish | dry out | weld
repair_shop garage_name body_shop garage workshop_name: {Harbor/Riverside/Union/Main Street/Keystone/Linden} {Body
 Shop/Garage/Auto Repair/Motors}
specialty specialization expertise [adjuster assessor underwriter broker]: motor | property | liability | injury |
 marine | fraud
entry_type note_type [diary log claim_diary]: phone call | e-mail | letter | inspection | decision | reminder
entry note notes [diary claim_diary adjuster claim@insurance]: +2-3 {Called/Wrote to} the
 {insured/claimant/garage/police/witness}, {no answer/documents follow/will send photos/date agreed}. |
 {Estimate/Police report/Invoice/Statement} {received/requested/checked}. | Reserve {raised/lowered} to
 <2-48>,<1-9>00. | Liability {accepted/denied/still open}. | {Assessor/Lawyer/Medical expert} {assigned/reports {next
 week/on Friday}}. | Settlement offer of <1-40>,<1-9>00 {sent/accepted/refused}.
payment_type [claim_payment settlement@insurance @insurance]: indemnity | expense | medical | legal fees | salvage
denial_reason declinature_reason rejection_reason [claim@insurance loss @insurance]: {policy had lapsed/late
 notice/excluded cause/driver not named/no proof of ownership/deductible not reached/wrong statements}
police_report_number police_report_no: PR-202<3-5>-<#6>
wording_version policy_wording: <1-9>.<0-9>
fault fault_party liability_status: insured | third party | shared | undetermined
court court_name venue [case hearing lawsuit matter @law]: {District/County/Superior/Municipal} Court of
 {Riverside/Lakeview/Harbor County/Northfield/Oakwood}
case_type matter_type [case@law matter @law lawsuit]: civil | criminal | family | labor | tax | administrative
practice_area practice_group specialty department [@law attorney lawyer matter]: family law | labor law | real estate
 | tax | criminal defense | contracts
caption case_caption style_of_cause matter_name title name [matter case@law lawsuit]: {last_name} v. {last_name} |
 {last_name} v. {Harbor/Linden/Summit/Keystone} {Foods/Logistics/Energy/Retail} {Inc./LLC} | {Estate of/In re}
 {last_name} | {Lease/Share purchase/License/Merger} - {Harbor/Linden/Summit/Keystone} {Foods/Logistics/Energy/Retail}
description summary [matter case@law lawsuit]: +2-3 {Claim/Dispute/Advice} {about/over} {unpaid invoices/a terminated
 lease/defective machines/overtime/a non-compete clause/an inheritance}. | {Complaint/Answer/Motion}
 {filed/served/due} in {January/March/June/October}. | Client seeks {damages of <10-900>,000/an injunction/a
 settlement/return of the deposit}. | {Mediation/Discovery/Expert report} {scheduled/pending/completed}.
narrative [time_entry time_entry@law billing_entry]: {Drafted/Reviewed/Revised} {motion to dismiss/engagement
 letter/discovery requests/settlement agreement/lease}{./ and discussed with client./, researched case law.} |
 {Call/Meeting/E-mails} with {client/opposing counsel/expert/court clerk} {about scheduling/about settlement/on
 document production}.
jurisdiction venue_state governing_law applicable_law law: State of {New York/Delaware/California/Texas/Illinois} |
 England and Wales | Germany | Ontario
opposing_party adverse_party defendant_name plaintiff_name: {Harbor/Linden/Summit/Keystone/Maple}
 {Foods/Logistics/Energy/Retail/Holdings} {Inc./LLC} | {first_name} {last_name}
opposing_counsel counsel law_firm firm_name represented_by_firm: {last_name} & {last_name} LLP | {last_name},
 {last_name} & Partners | Law Office of {first_name} {last_name}
name party_name [party]: {first_name} {last_name} | {Harbor/Linden/Summit/Keystone} {Foods/Logistics/Energy/Retail}
 LLC
role party_role party_type [party@law]: plaintiff | defendant | witness | expert | guarantor | third party
fee_type [@law attorney matter]: hourly | flat fee | contingency | retainer | capped fee
fee_arrangement billing_arrangement billing_method: hourly | flat fee | contingency | retainer | capped fee
confidentiality_level privilege privilege_level: public | confidential | attorney-client | work product
stage case_stage matter_stage [matter case@law]: intake | pleadings | discovery | motions | trial | settlement |
 closed
bar_number bar_no bar_id: BAR<#6>
title position rank [attorney lawyer]: Partner | Senior Associate | Associate | Of Counsel | Counsel | Paralegal
bates_range bates_number: {ABC/HRB/LIN}<#6> - {ABC/HRB/LIN}<#6>
exhibit_label exhibit_number exhibit: Exhibit {A/B/C/D/E/<1-40>}
title doc_title [document@law filing]: {Complaint/Answer/Motion to Dismiss/Engagement Letter/Settlement
 Agreement/Expert Report/Lease/Affidavit} {of {last_name}/- draft <1-5>/- signed/(2025)}
doc_type document_type [document@law filing]: pleading | contract | correspondence | evidence | memo | order
ocr_text extracted_text full_text [document scan filing]: +2-3 This {agreement/letter/statement} is dated
 {March/May/October} <1-28>, <2015-2025>. | The parties agree {on the following terms/to extend the term/to settle all
 claims}. | {Payment/Notice/Delivery} is due within <7-60> days. | Signed by {first_name} {last_name}.
hearing_type proceeding_type [hearing @law]: status conference | motion hearing | trial | mediation | deposition |
 sentencing
courtroom court_room: {1/2/3/4}{A/B/C} | Room <100-420>
appearance_mode attendance_mode attendance_type: in person | by video | by phone
outcome result [hearing matter case@law]: granted | denied | continued | settled | taken under advisement
rule_citation citation legal_basis statute: Rule <4-60>({a/b/c}) | Section <2-90>({1/2/3}) | <10-42> U.S.C. <100-2000>
trigger_event [deadline]: service of complaint | entry of judgment | receipt of discovery | filing of answer
description [deadline]: {File/Serve/Send} {answer/motion/witness list/discovery responses/notice of appeal}
relationship_to_client relationship_to_insured relationship_to_patient: spouse | parent | employer | business partner
 | neighbor | none
testimony_summary statement_summary: +2-3 {Saw/Heard/Signed} the {accident/argument/contract} {in March/at the
 office/on site}. | {Confirms/Denies} {the payment/the call/prior knowledge}.
task_code utbms_task [time_entry@law]: L{110/120/160/210/240/310/330/410}
activity_code utbms_activity [time_entry@law]: A10<1-9>
write_off_reason: courtesy discount | duplicate entry | budget cap | training time
contract_title title name [contract agreement]: {Service/License/Supply/Employment/Confidentiality/Lease/Consulting}
 Agreement{/ 202<3-5>/ - Amendment <1-3>}
contract_type agreement_type [contract@law contract agreement]: service | license | supply | employment | NDA | lease
 | consulting
renewal_terms renewal_clause: +1-2 Renews for {12/24} months unless terminated <30-90> days before the end. | No
 automatic renewal. | Option to renew {once/twice}.
termination_clause termination_terms notice_terms: <30-90> days' written notice{./ to the end of a quarter./, without
 cause.} | For cause with <7-30> days to cure.
payment_schedule payment_plan payment_milestones: {monthly/quarterly} in advance | <20-50>% on signing, the rest on
 delivery | on completion | three installments
signature_method signing_method: electronic | wet ink | DocuSign | notarized
redline_summary changes_summary change_summary: {Liability cap/Term/Governing law/Payment terms}
 {changed/added/deleted} in section <2-19>.
ledes_format billing_format: LEDES1998B | LEDES98BI | PDF
sent_via delivery_method_text dispatch_method: e-mail | portal | post | courier
authorities cited_cases cases_cited: {last_name} v. {last_name}, <100-980> F.<2-3>d <10-1400> ({2d/5th/9th} Cir.
 <1978-2019>)
question_presented issue_presented legal_question: {May/Can/Must} {the tenant/an employer/the seller/a director}
 {terminate without notice/withhold payment/rely on the clause/disclose the contract}?
short_answer brief_answer: {Probably yes/Probably no/Yes/No}, {if notice was given/unless the contract says
 otherwise/because the statute is clear/subject to a cure period}.
discussion legal_analysis analysis [research_memo memo @law]: +2-3 The {statute/clause/leading case}
 {requires/permits/excludes} {written notice/a cure period/set-off}. | Courts {have held/differ on} {whether silence
 is consent/the burden of proof/the measure of damages}. | Here, {the invoice was disputed/the lease is silent/notice
 came late}.
westlaw_key lexis_id: <#4> WL <#7>
entity_type legal_form company_type legal_entity_type [client company organization vendor @law]: individual |
 corporation | LLC | partnership | nonprofit | trust
registered_agent: {Harbor/Linden/Summit} Registered Agents Inc.
docket_number case_no case_reference: 2<3-5>-CV-<#5>
judge_name presiding_judge: Hon. {first_name} {last_name}
verdict ruling judgment: granted | denied | settled | dismissed | guilty | not guilty
plea: guilty | not guilty | no contest
charge offense offence [case arrest citation @legal]: speeding | theft | fraud | trespassing | parking violation |
 disturbance
permit_type: building | demolition | event | food | fishing | parking
permit_number permit_no building_permit_no building_permit: BP-202<3-5>-<#5>
political_party: Independent | Green | Labor | Liberal | Conservative
agency authority department_name [permit license inspection]: Building Department | Health Office | City Clerk | Fire
 Marshal | Planning Board
violation violation_description: {Blocked exit/Expired license/Missing label/Noise after 10 pm/No permit posted/Food
 stored too warm}
"""
SLOTS = """
loss: rear-end collision | burst pipe | kitchen fire | hailstorm | break-in | fallen tree | lightning strike | skid on
 ice | electrical fault | flooded cellar | stolen bicycle | broken window
cover: Third-party liability | Collision | Comprehensive | Theft | Fire | Water damage | Legal expenses | Roadside
 assistance | Personal injury | Glass breakage | Natural hazards | Luggage
cover_word: fire | theft | tap water | hail and storm | glass breakage | liability claims | accidents | legal costs |
 lost luggage | illness abroad
loss_sentence: {Vehicle/Parked car/Delivery van} was hit {from behind/on the left side/while turning} {at a red
 light/on the parking lot/at the junction/on Main Street}. | {Pipe/Washing machine/Dishwasher} leaked and damaged {the
 parquet/the ceiling below/two rooms}. | {Thieves/Unknown persons} {forced the back door/broke a window} and took
 {jewelry/a laptop/tools/two bicycles}. | {Hail/Storm/A fallen branch} damaged {the roof/the hood/the solar panels/the
 fence}. | Fire in the {kitchen/garage/workshop}, put out {by the neighbor/by the fire brigade/within minutes}. |
 Nobody was hurt. | The other driver {admitted fault/left the scene/was not insured}. | Police {took a report/were not
 called}. | Damage noticed {on return from a trip/in the morning/two days later}.
witness_sentence: I saw the {van/blue car/cyclist} {turn without signaling/cross at red/brake suddenly}. | The road
 was {dry/wet/icy} and {it was getting dark/the light was good}. | {He/She/The driver} was {on the phone/looking
 back/driving slowly}. | I heard {a bang/glass breaking/shouting} {around <2-11> pm/from the cellar}. | I have
 {photos/nothing to add/spoken to the police}. | The water came from {the ceiling/the kitchen/upstairs}.
insurer: {Example/Sample/Blue Harbor/Evergreen/Northern/Summit/Riverside/Golden} {Mutual/Insurance/Assurance/General}
"""
