"""Phrases of no subject's own: reviews, which match their rating, and descriptions, notes and reasons of any table.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these. The slots of reviews stand in
:data:`REVIEWS`.
"""

NAMES = """
description [status state stage]: {Set/Used} {when/until} {the work begins/all steps are done/the office has
 answered/the
 documents are checked}. | {Visible/Hidden/Editable} {for everyone/for the team/in lists}, {can be changed/is final}.
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
# What reviews are of, by words of their table, of those that it references and of its columns.
REVIEWED = {
    "": "product variant sku",
    "book": "book novel author chapter manga comic reader",
    "stay": "hotel room guest property listing reservation booking apartment hostel stay accommodation campsite rental",
    "meal": "restaurant dish menu meal cafe recipe food cuisine diner bar wine beer coffee",
    "show": "movie film show episode series song album track podcast concert play screening anime game",
    "course": "course lesson instructor student tutor class workshop teacher training school webinar",
    "work": "driver delivery courier doctor provider seller freelancer contractor service job appointment professional"
    " agent technician employee mechanic barber stylist salon clinic ride trip",
    "place": "venue place museum park attraction tour event destination location city trail library gym spot",
    "app": "app application software plugin extension package theme tool",
}
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
review_good_book: {Could not put it down/Read it in two evenings/Finished it on the train}. |
 {Wonderful/Convincing/Quiet}
 characters and {a clear style/an ending that stays with you/a strong sense of place}. | The {first/second/last} part
 {moved me/surprised me/is the best}. | {Well/Carefully} {researched/translated/told}. | {My/Our} {book club/daughter/
 neighbor} {loved it/wants the next one}. | I will {read it again/look for more by this author/give it to friends}. |
 {Funny/Wise/Moving} from the first page{ on/ to the last}.
review_mixed_book: {A good idea/A strong start}, but {the middle drags/too many characters/the end comes too fast}. |
 {Fine/Okay} for {a weekend/the train/fans of the genre}. | The {translation/style/plot} {is uneven/takes getting used
 to}. | {Liked/Enjoyed} the {setting/dialogues}, {less so/not} the {ending/long descriptions}.
review_bad_book: {Gave up/Stopped} after {fifty pages/two chapters/the first third}. | {Flat/Predictable} {plot/
 characters}, {nothing happens/too many clichés}. | {Far/Much} too long. | The {blurb/cover} promises more than the book
 keeps. | {Full of typing errors/Badly translated}.
review_good_stay: {Very/Really} {clean/quiet/comfortable} {room/place} {with a view/near the station/close to the
 beach}. | The {staff/host} {was/were} {so friendly/helpful with everything/quick to answer}. | {Breakfast/Check-in} was
 {excellent/easy/better than expected}. | {Slept/Rested} well, {the beds are great/no noise at night}. | {Would/Will}
 {stay here again/come back in {spring/summer/autumn}}. | {Great/Perfect} location for {a weekend/families/a business
 trip}.
review_mixed_stay: {Good/Nice} location, but {the room was small/thin walls/the wifi is slow}. | {Clean/Quiet}, {a bit
 dated/breakfast could be better}. | {Okay/Fine} for {one night/the price}. | {Check-in/Parking} took {too long/some
 patience}.
review_bad_stay: {Noisy/Dirty} {room/bathroom}, {nobody at the desk/the shower was cold/we left a day early}. | {Not/
 Nothing} like the photos. | The {heating/air conditioning/lock} did not work {at all/for two days}. | {Overpriced/Not
 worth it} for {what you get/one night}.
review_good_meal: {The/Their} {pasta/fish/soup/dessert/bread} {was/is} {excellent/perfect/the best in town}. |
 {Friendly/Quick/Attentive} service{, even on a busy evening/}. | {Fresh/Simple} ingredients and {fair prices/large
 portions/a short menu}. | {Came/Went} {for lunch/for a birthday/with friends} and {stayed for hours/will return}. |
 {Kids/Everyone} {loved it/asked for more}.
review_mixed_meal: {Good/Tasty} food, but {we waited <20-60> minutes/small portions/it was loud}. | {Starters/Desserts}
 were {better/worse} than the mains. | {Fine/Okay} for {a quick lunch/the price}.
review_bad_meal: {Cold/Salty/Overcooked} {food/soup/fish}, {and rude service/and a long wait}. | {Waited/Sat} <30-90>
 minutes {for the menu/for one dish}. | {Will not/Would not} {go back/order again}.
review_good_show: {Great/Strong} {cast/sound/start}, {never boring/I was moved/worth every minute}. | {Watched/Heard} it
 {twice/with the whole family/in one evening}. | The {ending/last part/music} {gave me chills/is wonderful}. | {One of/
 Easily} the best {of the year/this season}.
review_mixed_show: {Nice/Good} {pictures/ideas}, but {too long/a thin story/a weak ending}. | {Fine/Okay} for {a rainy
 evening/fans}. | The {first/second} half is {better/slow}.
review_bad_show: {Boring/Confusing/Far too loud}, {left early/fell asleep/turned it off}. | {Weak/Flat} {story/sound},
 {nothing new/wasted evening}.
review_good_course: {Clear/Patient/Lively} explanations{ and good examples/}. | {Learned/Understood} {a lot/more than in
 a year of trying} {in <2-8> weeks/}. | The {exercises/projects/slides} are {well chosen/very useful at work}. | {Would/
 Will} take {the next level/another class}. | Questions were answered {quickly/in detail}.
review_mixed_course: {Good/Solid} content, but {too fast/too much theory/outdated slides}. | {Fine/Okay} for beginners,
 {less so for others/little practice}. | {Sound/Pace} could be better.
review_bad_course: {Disorganized/Outdated}, {no feedback at all/half of it was read from slides}. | {Not/Hardly} worth
 the {time/fee}.
review_good_work: {On time/Quick/Careful}, {friendly/very professional}{ and fair in price/}. | {Explained/Solved}
 everything {clearly/in one visit/without fuss}. | {Answered/Called back} {within minutes/the same day}. | {Would/Will}
 {recommend/book again/ask again}. | {No/Not a single} {complaints/problem}, {thank you/well done}.
review_mixed_work: {Good/Friendly}, but {half an hour late/hard to reach/a bit rushed}. | {Result/Price} {is okay/could
 be better}. | {Had/Needed} to {ask twice/wait a week}.
review_bad_work: {Came late/Did not show up/Left early} and {did not call/was unfriendly}. | {Had/Have} to {do it again/
 ask someone else}. | {Twice/Much} more expensive than {agreed/offered}.
review_good_place: {Beautiful/Quiet/Well kept}, {worth the trip/we stayed all day}. | {Friendly/Helpful} {staff/guides}
 and {clear signs/good coffee}. | {Great/Perfect} {for families/on a rainy day/in the morning}. | {Easy to reach/Enough
 space}, {we will come again/not too crowded}.
review_mixed_place: {Nice/Interesting}, but {crowded/expensive/half of it was closed}. | {Fine/Okay} for {an hour/a
 short
 visit}. | {Parking/The queue} takes {time/patience}.
review_bad_place: {Closed/Overcrowded}, {nothing to sit on/no information anywhere}. | {Waited/Queued} <20-90> minutes
 {for nothing/at the entrance}. | {Dirty/Loud}, {not worth the ticket/we left soon}.
review_good_app: {Works/Runs} {smoothly/as promised/on all my devices}. | {Easy/Quick} to {set up/learn}. | {Support/The
 team} answered {within an hour/the same day}. | {Saves/Saved} me {hours/a lot of work} {every week/}. | The {last
 update/dark mode/search} is {great/a big step}.
review_mixed_app: {Useful/Good idea}, but {slow/too many notifications/the export is missing}. | {Crashes/Hangs} {now
 and then/after the last update}. | {Okay/Fine} for {the price/small teams}.
review_bad_app: {Crashes/Logs me out} {every day/after each start}. | {Lost/Deleted} {my data/all settings}. | {Too
 many ads/No answer from support}, {uninstalled/asked for a refund}.
response_good: Thank you for {your review/the feedback/your kind words}{!/, we are glad that you like it./, we pass it
 on to the team.} | {Great to hear/So nice to read}, {thank you/see you again soon}!
response_bad: We are sorry that {it did not fit/it came late/it did not work out}. Please write to us{./, we will
 replace it./, we refund it.} | {Sorry/We apologize} for {the trouble/the wait/the mistake}. {Our support/A colleague}
 will {call/write} you.
reason: {on request/change of plans/duplicate entry/missing documents/wrong amount/technical problem/no longer
 needed/scheduling conflict/entered by mistake/incomplete details/new rules/no answer/unpaid bill/safety check/damage/
 personal reasons/out of date/requested by {the customer/the owner/the manager/phone}}{/, <2-28> {January/March/April/
 June/September/November}/, see note of <2-28> {May/June/July/October}/, as agreed/, by phone}
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
