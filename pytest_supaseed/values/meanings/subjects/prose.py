"""Phrases of no subject's own: reviews, which match their rating, and descriptions, notes and reasons of any table.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these. The slots of reviews stand in
:data:`REVIEWS`.
"""

NAMES = """
comments comment remarks remark feedback [survey review feedback evaluation]: +1-2 {review_mixed}
note notes remark remarks comment comments memo annotation log diary journal entry observation observations minutes
 internal_log: +1-2 {note}
reason justification explanation: {^reason}
instruction instructions guidelines guideline: +1-2 {instruction}
^terms: +1-2 {term}
conditions terms_and_conditions exclusions exclusion restrictions limitations endorsements provisions clause clauses
 covenants eligibility_criteria criteria warranty_terms: +1-2 {stipulation}
description details summary overview about abstract scope specification background context concept purpose_description
 narrative profile explanation_text essay: +1-2 {description}
statement testimony declaration account_of_events: +1-2 {statement}
findings finding result_text conclusion conclusions analysis assessment_text evaluation hypothesis rationale
 diagnosis_text inspection_report condition_report investigation examination observation_text outcome_text report
 test_report status_report: +1-2 {observation}
strategy proposal recommendation recommendations actions_taken preventive_action action_plan next_steps follow_up
 countermeasures mitigation workaround improvement: +1-2 {plan}
message body text content [dm inbox sms conversation]: +1-2 {message}
body content comment text message [comment reply remark post_comment discussion]: +1-2 {opinion}
blurb teaser intro introduction excerpt pitch short_text: +1-2 {description}
message body text content: +1-2 {description}
tagline slogan motto: {Simple/Honest/Careful/Better/Bright} {ideas/things/work/days} for {everyone/every day/curious
 people/small teams}
headline subtitle caption: {A/Another/One more} {quiet/busy/sunny/long} {morning/afternoon/evening/day} {at/near/by}
 the {harbor/market/station/lake/workshop/river} | {View of/Walk to/Back from} the {old bridge/north shore/market
 hall/garden}
hint tooltip help_text placeholder: {Enter/Choose/Check} {a name/a date/an amount/one option} {first/here/or leave it
 empty}.
alt alt_text image_alt: {Photo/Drawing/Close-up} of {a harbor/a red chair/two hands/a green door/a market/an open
 book/a lamp}
"""
REVIEWS = {"bad": "review_bad", "mixed": "review_mixed", "good": "review_good"}
SLOTS = """
review_title_good: {Excellent/Perfect/Great/Lovely/Very good} {quality/choice/value/service} | {Highly
 recommended/Would buy again/Better than expected/Love it/Exactly right} | {So/Really/Very}
 {comfortable/practical/friendly/well made}
review_title_mixed: {Okay/Fine/Decent} for {the price/a start/occasional use} | {Good/Nice}, but
 {small/loud/pricey/late} | {Mixed feelings/Could be better/Does what it should/Not bad}
review_title_bad: {Disappointed/Not for me/Would not buy again/Poor quality/Broken after a week} | {Too/Very}
 {small/loud/slow/expensive/flimsy} | {Waste of/Not worth the} {money/time}
review_good: {Works/Looks/Feels} {great/better than expected/exactly as described}. | {Arrived/Was ready} {on time/a
 day early/within two days}. | We have {used/had} it for {three weeks/two months/half a year} and {love it/would buy
 it again/have no complaints}. | {Friendly/Quick/Helpful} {service/answers/staff}. | {Well made/Good value/Easy to
 use}{, highly recommended./, and it lasts./ and nice to look at.} | {My/Our} {daughter/partner/team/neighbor} {wants
 one too/is very happy with it}. | {Five/All} stars from {us/the whole family}. | The {details/finish/instructions}
 are {lovely/very good/clear}.
review_mixed: {Does/Did} what it should, {nothing more/but slowly/with some noise}. | {Good/Nice} {idea/design}, but
 {a bit small/the finish could be better/it took long}. | {Okay/Fine} for the price. | {Delivery/The answer} took {a
 week/longer than promised}. | {Parts/The instructions/Colors} {could be clearer/are not quite as shown}. |
 {Will/Might} keep it, {though/but} {the cable is short/it is heavier than I thought/I expected more}.
review_bad: {Stopped working/Broke/Came apart} after {two days/a week/the first use}. | {Arrived/Came}
 {late/damaged/without the charger/in the wrong color}. | {Nobody answered/Had to ask three times/Still waiting for
 the refund}. | {Not/Nowhere near} {worth the price/as described}. | {Smells of plastic/Much too loud/Far too
 small/Very thin material}. | {Sent/Gave} it back. | {Would not/Cannot} recommend it.
response_good: Thank you for {your review/the feedback/your kind words}{!/, we are glad that you like it./, we pass it
 on to the team.} | {Great to hear/So nice to read}, {thank you/see you again soon}!
response_bad: We are sorry that {it did not fit/it came late/it did not work out}. Please write to us{./, we will
 replace it./, we refund it.} | {Sorry/We apologize} for {the trouble/the wait/the mistake}. {Our support/A colleague}
 will {call/write} you.
reason: {on request/change of plans/duplicate entry/missing documents/wrong amount/technical problem/no longer
 needed/scheduling conflict/entered by mistake/incomplete details/new rules/no answer/replaced by a newer one/out of
 date} | {wrong {date/address/name/number}/{date/place/price} no longer possible/not available {in
 {March/May/July/October}/until <2-28> {June/August}/this year}}{/, as agreed/, see note/, by phone}
instruction: {Read/Check/Follow} the {manual/list/plan} {first/before use/with a colleague}. | {Press/Hold/Turn} the
 {button/handle/key} for <2-10> seconds. | {Keep/Store} it {dry/upright/below <20-30> degrees/out of reach of
 children}. | {Clean/Charge/Empty} it {once a week/after use/before the first use}. | {Ask/Call} {the
 office/reception/support} if {unsure/something is missing/it does not start}. | Do not {open/cover/bend/move} it
 while {running/warm/in use}.
term: {Payment/Delivery} within <7-60> days. | {Either party/The customer} may {cancel/end the contract} {in
 writing/with <14-90> days' notice}. | {Prices/Fees} {include tax/are net/may change once a year}. |
 {Liability/Warranty} is limited to {the price/one year/direct damage}. | Governed by the law of {the seller's
 state/England/Germany}. | {Data/Documents} are {kept for <2-10> years/treated as confidential}.
opinion: {Great/Good/Lovely/Interesting/Helpful} {idea/photos/work/update/read}, {thank you/thanks for sharing/keep it
 up/well done}. | {Does/Will} {it/this} {come/work/happen} {in <2-9> weeks/next year/abroad/for beginners/in
 {blue/green/red}} as well? | {I/We} {was/were} there {last week/in spring/twice} and {liked it/will come again/took
 many notes}. | {Agreed/Not sure}, {the second part is better/I would start earlier/it depends on the weather/my
 experience was different}. | {Can/Could} you {say more about/explain/show} {the first part/the costs/the colors/the
 plan for <2026-2028>}? | {Looking forward to/Waiting for/Curious about} {the next one/part <2-4>/the result/more news}.
 | {Shared/Saved/Read} {it/this} {with friends/for later/twice}.
message: {Thanks/Hello/Hi}, {the form/your order/the date/the file} {has arrived/is confirmed/looks good/needs one
 change}. | {Can/Could} we {talk/meet/move it} {tomorrow/on Thursday/next week}? | {Please/Kindly} {send/check/sign}
 {the list/the address/page <2-12>} {by Friday/today/again}. | I will {be there/call/write} {at <2-6> pm/on Monday/as
 soon as possible}. | {Sorry/No problem}, {that was a mistake/we found it/it took longer}.
"""
