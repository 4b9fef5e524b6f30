# ما وُعد به: المواعيد، والالتزام الواحد، والنصوص وأطرافها، وما قد يصرّح به طرف.

nav-deadlines = المواعيد
nav-accords = الاتفاقات

# ما آل إليه الالتزام. ولا يقول أكثر من ذلك إلا استنتاج من بشر.
duty-status-active = جارٍ
duty-status-breached = لم يُوفَ به
duty-status-excused = معذور
duty-status-in_grace = فات الموعد وما زالت المهلة الإضافية قائمة
duty-status-lapsed = انقضى
duty-status-late = قُدِّم متأخرًا
duty-status-latent = لم يبدأ
duty-status-met = وُفي به
duty-status-remedied = لم يُوفَ به، ثم جُبر
duty-status-remedied_late = لم يُوفَ به، ثم جُبر متأخرًا
duty-status-remedy_due = لم يُوفَ به، والجبر مستحق
duty-status-suspended = معلّق
duty-status-undetermined = غير محسوم
duty-status-unremedied = لم يُوفَ به، ولم يُجبر
duty-status-waived = تنازل عنه صاحبه
duty-undelivered-breached = لم يُقدَّم في موعده
duty-undelivered-remedied = لم يُقدَّم في موعده، ثم جُبر
duty-undelivered-remedied_late = لم يُقدَّم في موعده، ثم جُبر متأخرًا
duty-undelivered-remedy_due = لم يُقدَّم في موعده، والجبر مستحق
duty-undelivered-unremedied = لم يُقدَّم في موعده، ولم يُجبر
duty-possible = أحد ما يلي: { $statuses }
duty-note = محسوب من السجل، وليس استنتاجًا قانونيًا.
duty-when-title = الحكم في وقت آخر
duty-recompute = من لديه السجل يحسب النتيجة نفسها. يفعل ذلك هذا الأمر، على العقدة أو على نسخة من ملفاتها:
duty-declaratory = لا يستطيع أحد التحقق من هذا البند. يُعرض ولا يُعدّ.

standing-none = لا أحد يدّعي شيئًا
standing-alleged = مدّعى به
standing-substantiated = مدّعى به مع أدلة
standing-contested = يعترض عليه المدين
standing-determined = بتّت فيه هيئة
ruling-annulled = أُبطلت النتيجة
ruling-upheld = أُيّدت النتيجة

force-contract = عقد
force-legislation = تشريع
force-pledge = تعهد
force-resolution = قرار
force-treaty = معاهدة
force-voluntary_norm = معيار طوعي

class-computable = محسوب من السجل
class-declaratory = إعلان لا يمكن التحقق منه
class-finding = باستنتاج من بشر
class-measured = مقيس

binding-contradicted = غير نافذ: عدّله الطرفان تعديلين مختلفين
binding-excluded = مستبعد بتحفظ
binding-in_force = نافذ كما كُتب
binding-objected = غير نافذ: اعترض أحدهما على تحفظ الآخر
binding-out_of_force = غير نافذ في هذا الوقت
binding-varied = نافذ كما عدّله تحفظ

counting-exact = يحسب من لحظة إلى لحظة.
counting-eec_1182_71 = يحسب ساعات وأيامًا كاملة، كما في اللائحة (EEC, Euratom) 1182/71.

# الالتزام في جملة.
duty-within-to = على { $debtor } تقديم «{ $what }» إلى { $creditor } خلال { $span } من «{ $anchor }»
duty-within = على { $debtor } تقديم «{ $what }» خلال { $span } من «{ $anchor }»
duty-before-to = على { $debtor } تقديم «{ $what }» إلى { $creditor } قبل «{ $anchor }» بما لا يقل عن { $span }
duty-before = على { $debtor } تقديم «{ $what }» قبل «{ $anchor }» بما لا يقل عن { $span }
duty-may = يجوز لـ{ $debtor } أن يقوم بـ«{ $what }» خلال { $span } من «{ $anchor }»
duty-maintain = على { $debtor } إبقاء «{ $what }» عند { $threshold } ({ $aggregate } على مدى { $span })
duty-never = على { $debtor } ألا يقوم أبدًا بـ«{ $what }»
duty-perform = على { $debtor } تقديم «{ $what }» مجددًا كل { $span }
duty-declare = يعلن { $debtor }: «{ $words }»
promise-starts-adoption = يبدأ مع الاعتماد
promise-starts-breach = يبدأ مع الإخلال بـ{ $terms }
promise-starts-fact = يبدأ مع كل «{ $kind }»
promise-grace = يُعد متأخرًا خلال { $span } بعد ذلك، ثم إخلالًا
promise-stop-none = لا شيء يوقف ساعته
promise-stop-exception = يوقف ساعتَه استثناء بموجب { $under }، لمدة أقصاها { $span }
promise-stop-fact = يوقف «{ $by }» ساعتَه حتى «{ $until }»، لمدة أقصاها { $span } في المجموع
promise-breach-none = لا يبدأ بالإخلال به شيء آخر
promise-breach = يبدأ بالإخلال به { $terms }
promise-breach-within = يبدأ بالإخلال به { $terms }، وأجله خلال { $span }
anchor-breach = الإخلال
anchor-recorded = { $kind } كما دُوّن في السجل
aggregate-avg = المتوسط
aggregate-count = عدد العينات
aggregate-gap = أطول انقطاع
aggregate-min = الأدنى
aggregate-p95 = المئين 95
aggregate-uptime = مدة العمل

span-years = { $count ->
    [zero] لا سنوات
    [one] سنة واحدة
    [two] سنتان
    [few] { $count } سنوات
    [many] { $count } سنة
   *[other] { $count } سنة
}
span-months = { $count ->
    [zero] لا أشهر
    [one] شهر واحد
    [two] شهران
    [few] { $count } أشهر
    [many] { $count } شهرًا
   *[other] { $count } شهر
}
span-days = { $count ->
    [zero] لا أيام
    [one] يوم واحد
    [two] يومان
    [few] { $count } أيام
    [many] { $count } يومًا
   *[other] { $count } يوم
}
span-hours = { $count ->
    [zero] لا ساعات
    [one] ساعة واحدة
    [two] ساعتان
    [few] { $count } ساعات
    [many] { $count } ساعة
   *[other] { $count } ساعة
}
span-minutes = { $count ->
    [zero] لا دقائق
    [one] دقيقة واحدة
    [two] دقيقتان
    [few] { $count } دقائق
    [many] { $count } دقيقة
   *[other] { $count } دقيقة
}
span-seconds = { $count ->
    [zero] لا ثوانٍ
    [one] ثانية واحدة
    [two] ثانيتان
    [few] { $count } ثوانٍ
    [many] { $count } ثانية
   *[other] { $count } ثانية
}
span-moment = أقل من دقيقة
span-stated = المدة التي يذكرها «{ $field }»
span-between = من { $least } إلى { $most }
span-less = ناقص { $span }
time-between = بين { $earliest } و{ $latest }
time-open = { $earliest } أو بعد ذلك

duty-party = الطرف
duty-owed-by = على
duty-owed-to = تجاه
duty-owed-to-all = جميع الأطراف
duty-owed-to-nobody = لم يكن أحد ملزمًا حينها بصفة «{ $role }»
duty-since = منذ
duty-standing = موقف الناس منه
duty-id = المعرّف
duty-term = البند
duty-clock = الساعة
duty-clock-stands = متوقفة: هناك تعليق قائم ولم يُستنفد حدّه الأقصى.
duty-clock-may-stand = قد تكون متوقفة: ما هو معلوم لا يحسم ذلك.
duty-grade = أدلة بدرجة { $grade }
duty-determined-by = من { $parties }

deadlines-title = المواعيد
deadlines-lead = ما يحلّ أجله أولًا يأتي أولًا. كل التزام ناشئ من نص اعتمدته أطرافه ومن إفادة في السجل أطلقته.
deadlines-count = { $count ->
    [zero] لا التزامات
    [one] التزام واحد
    [two] التزامان
    [few] { $count } التزامات
    [many] { $count } التزامًا
   *[other] { $count } التزام
}
deadlines-party = على طرف أو تجاهه
deadlines-text = النص
deadlines-state = الحالة
deadlines-state-open = ما زال بالإمكان فعل شيء
deadlines-state-all = الكل
deadlines-week-filter = يوم من الأسبوع
deadlines-week = الأسبوع من الاثنين { $day } (UTC)
deadlines-no-date = بلا تاريخ
deadlines-empty-title = لم يعد أحد بشيء هنا بعد
deadlines-empty-text = عندما يُنشر نص وتعتمده أطراف ويحدث ما يطلق التزامًا، يظهر الالتزام هنا مع اللحظة التي ينتهي فيها وقته.
deadlines-none-title = لا التزام كهذا
deadlines-none-text = لا التزام في هذا السجل يطابق ما طلبته في ذلك الوقت. اطلب كل الحالات، أو أسبوعًا آخر.
deadlines-by-party = بحسب الطرف
deadlines-by-party-table = ما على كل طرف وما له، من الالتزامات أعلاه وفي الصفحات التالية
deadlines-owes = عليه
deadlines-owed = له
deadlines-first = أول ما يحلّ عليه
deadlines-calendar-title = في تقويمك
deadlines-calendar-text = القائمة نفسها في ملف تقويم. أعطِ عنوانه لبرنامج تقويم فيتابعها. الملف بلغة هذه الصفحة ويسمّي الأطراف.
deadlines-calendar-link = تقويم (.ics)
deadline-left = بقي { $span }
deadline-over = انتهى منذ { $span }
deadline-ends-limit = الموعد
deadline-ends-grace = نهاية المهلة الإضافية
deadline-ends-remedy = موعد الجبر
deadline-calendar = محسوب بالتقويم { $name }، المنطقة الزمنية { $zone }.
deadline-no-calendar = محسوب بالساعات، ولا حاجة إلى تقويم.

obligation-title = { $term }: { $debtor }
obligation-known = كما هو معلوم عند حجم السجل { $size }، والحكم في { $moment }.
obligation-facts-title = الالتزام
obligation-story-title = كيف وصل إلى هذا
obligation-story-lead = البند كما كُتب، وما جرى للحكم عليه: كل إفادة استُخدمت، وكل حساب.
obligation-clause = البند
obligation-source = المصدر:
obligation-steps = التقييم
obligation-missing = ما هو غائب وكان سيغيّر النتيجة
obligation-uses-title = الإفادات المستخدمة
obligation-uses = { $count ->
    [zero] لا تستند النتيجة إلى إفادات.
    [one] تستند النتيجة إلى إفادة واحدة في السجل.
    [two] تستند النتيجة إلى إفادتين في السجل.
    [few] تستند النتيجة إلى { $count } إفادات في السجل.
    [many] تستند النتيجة إلى { $count } إفادة في السجل.
   *[other] تستند النتيجة إلى { $count } إفادة في السجل.
}
obligation-recompute = من لديه السجل يحسب النتيجة نفسها. يفعل ذلك هذا الأمر على العقدة:
obligation-recompute-copy = وهذا الأمر على جهاز آخر، من نسخة من ملفات السجل ولا شيء غيرها:
obligation-digest = بصمة SHA-256 لسجل الحالة، وهو النص تحت “record” في إجابة JSON:
obligation-proof-lead = يحتوي الإثبات على الإفادات التي تنتج منها هذه النتيجة، وتوقيعاتها، وأماكنها في السجل. ويحكم الفحص على الواجب من جديد بها.
obligation-proof-download = إثبات هذه النتيجة
obligation-proof-limits = يبيّن الإثبات ما في السجل، لا أنه لا شيء غيره فيه. أما أن لا إفادة أخرى في السجل تغيّر النتيجة فيبيّنه الحساب نفسه على نسخة من السجل.
clause-unverified = لم يُراجع النص الأصلي
clause-by-parties = أضافته الأطراف
clause-unsuspendable = لا شيء يعلّقه
clause-non-reservable = بلا تحفظات
clause-on-breach = إن لم يُقدَّم في موعده:

# ما أطلق التزامًا صحّحه صاحبه أو سحبه.
trigger-title = تغيّر ما أطلق هذا الالتزام
trigger-begun = بما صرّح به { $by }، ووصل في { $moment }، صار التزامًا منذ ذلك الحين.
trigger-corrected = صحّح { $by } الإفادة التي أطلقته، ووصل التصحيح في { $moment }.
trigger-uncorrected = سحب { $by } تصحيحًا للإفادة التي أطلقته، ووصل السحب في { $moment }.
trigger-withdrawn = سحب { $by } الإفادة التي أطلقته، ووصل السحب في { $moment }. وبذلك لم يعد التزامًا.
trigger-replaced = صحّح { $by } الإفادة التي أطلقته، ووصل التصحيح في { $moment }. وبما تقوله الآن لم يعد التزامًا.
trigger-start = كانت بدايته { $before }، وهي منذ ذلك الحين { $after }.
trigger-due = كان موعده { $before }، وهو منذ ذلك الحين { $after }.
trigger-same = بقيت أوقاته كما هي.
trigger-was = وكان قبل ذلك مباشرة: { $status }.
trigger-before = الالتزام كما كان قبل ذلك مباشرة

own-word-title = ما يقوله { $party }
own-word-none = لا شيء في السجل.
own-word-more = { $count ->
    [zero] لا إفادات أقدم.
    [one] إفادة واحدة أقدم في السجل ولا تُعرض هنا.
    [two] إفادتان أقدم في السجل ولا تُعرضان هنا.
    [few] { $count } إفادات أقدم في السجل ولا تُعرض هنا.
    [many] { $count } إفادة أقدم في السجل ولا تُعرض هنا.
   *[other] { $count } إفادة أقدم في السجل ولا تُعرض هنا.
}
own-word-of = عن { $time }،
own-word-received = وصل في { $moment }

# ما فعله المدين بقوله.
said-contest = يعترض على ذلك
said-explanation = يوضّح
said-finding = استنتج
said-receipt = يؤكد أنه تسلّم

what-if-title = ما الذي قد يترتب
what-if-lead = محسوب بالقواعد نفسها، على السجل وعلى ما يُفترض. لم يُصرَّح بشيء منه.
what-if-confirmed = إذا أكّد { $by } أنه تسلّم «{ $what }» حين يقول المدين:
what-if-done = إذا قام { $by } بـ«{ $what }» في { $at }:
what-if-late = إذا لم يقم { $by } بـ«{ $what }» إلا في { $at }:
what-if-never = إذا لم يأتِ «{ $what }» أبدًا، والحكم في { $at }:
what-if-found = إذا استنتج { $by } «{ $what }»:
what-if-attributed = إذا استنتج { $by } أن المدين فعل ذلك:
what-if-restored = إذا كان «{ $what }» في أحسن حال حتى { $at }:
what-if-failed = إذا كان «{ $what }» في أسوأ حال حتى { $at }:
what-if-unmeasured = إذا لم يقس أحد «{ $what }» حتى { $at }:
what-if-then = { $status }.
what-if-starts = ويبدأ حينئذ:

# البرهان كقصة.
truth-true = نعم
truth-false = لا
truth-unknown = غير معلوم
story-absence-performative = لا «{ $kind }» في السجل. ومثل هذا الفعل يتم بإيداعه، فهو لم يتم.
story-absence-unwatched = لا «{ $kind }» في السجل، ولا يقول أحد إنه كان يراقب: فهذا لا يثبت شيئًا.
story-absence-watched = لا «{ $kind }» في السجل، مع أن أحدًا كان يراقب.
story-act-before_trigger = فعل لا يُحتسب: وقع قبل ما أطلق الالتزام.
story-act-found = تم الفعل { $time }.
story-act-incomplete = فعل في { $time } ينقصه شيء يطلبه البند.
story-anchor-absent = يُحسب الوقت من «{ $kind }»، وهو لم يحدث.
story-attribution-absent = لم يستنتج من يحق له ذلك («{ $by }») من الفاعل.
story-attribution-found = استنتاج ينسب ذلك إلى { $party }.
story-attribution-denied = استنتاج يقول إن الفاعل ليس { $party }.
story-calendar-silent = لا يقول التقويم شيئًا عن أوقات من { $from }.
story-condition-judged = هل ينطبق البند؟ { $holds }.
story-cosignature-awaited = كانت الإفادة في السجل منذ تسلّمها؛ وما لم يوقّع شاهد عليه فلا يمكن لأحد أن يبيّن متى كان ذلك على أبعد تقدير.
story-count-made = عدد وقائع «{ $kind }»: { $count }.
story-coverage-gap = لا يقول أحد إنه راقب «{ $kind }» طوال الوقت من { $from } إلى { $until }.
story-deadline-computed = يجري الوقت من { $start } لمدة { $limit }. آخر ثانية في الموعد: { $due }. ومع المهلة الإضافية: { $last }. ما انقضى دون فترات التعليق: { $elapsed }.
story-deadline-no_grace = يجري الوقت من { $start } لمدة { $limit }. آخر ثانية في الموعد: { $due }. ما انقضى دون فترات التعليق: { $elapsed }.
story-event-found = حدث { $time }. هل يُحتسب على المدين؟ { $counts }.
story-exception-applies = نُظر في استثناء كما في { $at }. هل ينطبق؟ { $holds }.
story-fact-absent = لا «{ $kind }» في السجل.
story-finding-absent = لم يستنتج من يحق له ذلك («{ $by }») «{ $ground }».
story-force-ended = انتهى النص أو اعتماد الطرف له في { $at }.
story-force-unclear = ليس واضحًا هل كان النص نافذًا في { $trigger }.
story-grade-absent = إفادة لا تقول مدى يقينها.
story-limit-absent = لا إفادة تذكر طول المهلة.
story-object-unnamed = إفادة لا تقول عن أي شيء هي.
story-recorded-unwitnessed = يُحسب ذلك من الوقت الذي تقول العقدة إنها تسلّمته فيه: فالسجل لا يطلب توقيع أي شاهد (دون شهود).
story-recorded-witnessed = ثبت أن السجل كان يحويه: { $time }.
story-remedy-judged = لم يُقدَّم في موعده كما في { $breach }. موعد الجبر { $due }. وآل ذلك إلى: { $possible }.
story-reservation-applies = تحفظ يسري بين الطرفين. { $binding }.
story-samples-absent = عينات «{ $kind }» ناقصة.
story-status-computed = فالحالة إذن: { $possible }.
story-suspension-capped = توقف فترات التعليق هذه الساعة { $cap } على الأكثر، كلها معًا.
story-suspension-closed = كانت الساعة متوقفة من { $from } حتى { $until }.
story-suspension-open = توقفت الساعة في { $from }، ولم يعدها أحد إلى الجريان.
story-waiver-found = تنازل عنه صاحبه في { $time }.
story-window-computed = في المدة التي تنتهي { $end } وُجدت { $sampled } من { $slots } عينة. ومع الحد { $threshold } (أجزاء من 10,000 حيث يكون نسبة) يزيد المجموع عليه بمقدار { $balance }، وما دون الصفر نقص.
story-window-empty = لم تكن أي عينة مستحقة في المدة.
story-work-exceeded = بلغ التقييم حدوده: ما وراءها غير معلوم.

accords-title = الاتفاقات
accords-lead = نصوص تلزم أطرافًا، بترتيب نشرها. كل نص في السجل حرفيًا، ومن اعتمده التزم به.
accords-table = النصوص بترتيب السجل
accords-empty-title = لم يُنشر أي نص بعد
accords-empty-text = عندما ينشر أحد نصًا بلغة البنود، يظهر هنا مع أطرافه وما آلت إليه التزاماته.
accord-name = النص
accord-force = النوع
accord-in-force = النفاذ
accord-terms = البنود
accord-parties = الأطراف
accord-amendment = تعديل
accord-from = من { $from }
accord-from-until = من { $from } حتى { $until }
accord-lead = { $force }، نافذة من { $from }.
accord-lead-until = { $force }، نافذة من { $from } حتى { $until }.
accord-counts-title = ما وُفي به
accord-counts-lead = أعداد التزامات، مع كل منها عدد كل الالتزامات في ذلك السطر. مجموع ما وُفي به والمتأخر وما لم يُوفَ به وغير المحسوم والمفتوح وما أُعفي منه (معذور أو متنازل عنه أو منقضٍ) هو الكل؛ والمعترض عليه من بينها. لا ترتيب لأحد: البنود بترتيب النص، والأطراف بحسب الاسم.
accord-counts-empty = لم يحدث بعد ما يطلق التزامًا من هذا النص.
accord-count-of = { $count } من { $total }
accord-kept = وُفي به
accord-late = متأخر
accord-breached = لم يُوفَ به
accord-undetermined = غير محسوم
accord-contested = معترض عليه
accord-open = مفتوح
accord-released = أُعفي منه
accord-coverage = التغطية
accord-coverage-of = { $sampled } من { $expected } عينة ({ $share } %)
accord-not-measured = غير مقيس
accord-measured = آخر قياس: { $moment }.
accord-by-term = بحسب البند
accord-by-party = بحسب الطرف
accord-adverse-title = لم يُوفَ به أو تأخر أو غير محسوم
accord-adverse-lead = { $count ->
    [zero] لا التزامات.
    [one] التزام واحد، مع ما يقوله المدين به.
    [two] التزامان، مع كل منهما ما يقوله المدين به.
    [few] { $count } التزامات، مع كل منها ما يقوله المدين به.
    [many] { $count } التزامًا، مع كل منها ما يقوله المدين به.
   *[other] { $count } التزام، مع كل منها ما يقوله المدين به.
}
accord-adverse-shown = المعروض أول { $shown } منها، بعضٌ من كل حالة. وكل ما في حالة واحدة، بترتيب نفاد وقته:
accord-taken-title = ما سُحب
accord-taken-lead = { $count ->
    [zero] لا التزامات.
    [one] التزام واحد لم يعد قائمًا، لأن صاحب الإفادة التي أطلقته سحبها أو صحّحها.
    [two] التزامان لم يعودا قائمين، لأن أصحاب الإفادات التي أطلقتهما سحبوها أو صحّحوها.
    [few] { $count } التزامات لم تعد قائمة، لأن أصحاب الإفادات التي أطلقتها سحبوها أو صحّحوها.
    [many] { $count } التزامًا لم يعد قائمًا، لأن أصحاب الإفادات التي أطلقتها سحبوها أو صحّحوها.
   *[other] { $count } التزام لم يعد قائمًا، لأن أصحاب الإفادات التي أطلقتها سحبوها أو صحّحوها.
}
accord-taken-shown = المعروض آخر { $shown } منها:
accord-members-title = من هو ملزم
accord-members-table = الأطراف، مع ما حددته وما تحفظت عليه
accord-members-empty = لم يعتمد أحد هذا النص بعد.
accord-roles = الأدوار
accord-bound = ملزم
accord-taken-over = حين يحلّ محله نص لاحق:
accord-set = ما حدده
accord-reserved = ما تحفظ عليه
accord-unassigned-title = التزامات ليست على أحد
accord-unassigned-lead = حدث ما أطلق هذه البنود، ولا أحد يشغل الدور الذي عليه الالتزام.
accord-versions-title = نصوص أخرى بهذا الاسم
accord-clauses-title = النص
accord-published = نُشر:
accord-digest = بصمة SHA-256 للنص:
accord-sources = المصادر
accord-preface = ملاحظات وكلمات وأنواع قبل البنود

matrix-title = ما هو نافذ وبين من
matrix-of = { $name }: ما هو نافذ وبين من
matrix-lead = كل بند لكل زوج من الأطراف، مع الاعتمادات والتحفظات والاعتراضات التي تجعله كذلك.
matrix-changed = { $changed ->
    [0] كل بند نافذ كما كُتب بين كل من اعتمدوه.
    [zero] كل بند نافذ كما كُتب بين كل من اعتمدوه.
    [one] مدخل واحد غير نافذ كما كُتب.
    [two] مدخلان غير نافذين كما كُتبا.
    [few] { $changed } مداخل غير نافذة كما كُتبت.
    [many] { $changed } مدخلًا غير نافذ كما كُتب.
   *[other] { $changed } مدخل غير نافذ كما كُتب.
}
matrix-count = { $count ->
    [zero] لا مداخل.
    [one] مدخل واحد.
    [two] مدخلان.
    [few] { $count } مداخل.
    [many] { $count } مدخلًا.
   *[other] { $count } مدخل.
}
matrix-link = الجدول كله
matrix-only-changed = فقط ما ليس نافذًا كما كُتب
matrix-binding = النفاذ
matrix-because = بسبب
matrix-set = مع { $setting }، وقد حدده المدين (المقترح: { $proposed }).
matrix-void = بلا أثر، لأن البند لا يقبل تحفظًا:
matrix-empty-title = لا شيء نافذ هنا
matrix-empty-text = لا أحد يشغل أدوار البنود التي طلبتها.

# ما قد يصرّح به طرف.
propose-nothing = لا تصرّح هذه الصفحة بشيء ولا تحتفظ بشيء. تعرض ما كان سيُصرَّح به والأمر الذي يصرّح به. يعطي هذا الأمر من لديه مفتاح الطرف.
propose-choose = اختر طرفًا
propose-submit = اعرض ما كان سيُصرَّح به
propose-result = ما كان سيُصرَّح به
propose-refused = لن يُقبل هذا
propose-absent = شيء ما ناقص
propose-absent-party = اختر الطرف.
propose-absent-about = اذكر المرفق.
propose-absent-percent = اختر مدى عمله.
propose-absent-from = اذكر اليوم الأول.
propose-statement = الإفادة
propose-kind = النوع
propose-by = بتوقيع
propose-subject = عن
propose-command-title = الأمر
propose-command-text = أعطِه حيث مجلد العقدة، مع --dir. يوقّع بمفتاح الطرف ويضيف الإفادة إلى السجل. ولا يمكن إخراجها منه بعد ذلك.
adopt-link = اعتماد هذا النص
adopt-title = اعتماد { $name }
adopt-lead = الطرف الذي يعتمد نصًا يلتزم به في الأدوار التي يختارها. وما يحدده ويتحفظ عليه حينها يبقى.
adopt-form-title = الاعتماد
adopt-preview = سيُقبل هذا
adopt-preview-text = في النص هذه الأدوار والمتغيرات، وهو يقبل هذه التحفظات.
adopt-no-mandate = ليس للطرف تفويض بالتوقيع بعد
adopt-no-mandate-text = يحتاج إلى تفويض كموقّع: أن يُلزمه مفتاحه. يعطي من يحق له منح التفويضات هذا الأمر أولًا:
adopt-from = ملزم من
adopt-from-hint = يوم، أو لحظة مثل ⁦2027-03-01T00:00:00Z⁩. والآن إن تُرك فارغًا. لا شيء يسري على الماضي.
adopt-until = ملزم حتى
adopt-until-hint = بلا نهاية إن تُرك فارغًا.
adopt-params = ما يحدده لنفسه
adopt-proposed = يقترح النص { $value }. ويسري ذلك إن تُرك فارغًا.
adopt-reservations = التحفظات
adopt-reservations-hint = اترك فارغًا ما يقبله الطرف كما كُتب. يسري التحفظ في الاتجاهين بين هذا الطرف وكل طرف آخر، ولكل طرف آخر أن يعترض عليه.
adopt-not-reservable = لا يقبل النص تحفظًا على هذا البند.
adopt-exclude = لا يقبل هذا البند
adopt-exclude-hint-to = بين هذا الطرف وكل طرف آخر لا يلتزم { $debtor } حينها تجاه { $creditor } بشيء من هذا البند، أيًا كان دور هذا الطرف منهما.
adopt-exclude-hint = لا يلتزم هذا الطرف حينها، بصفته { $debtor }، بشيء من هذا البند.
adopt-exclude-breach = ولا يبدأ بالإخلال به { $terms }.
adopt-instead = يقبل هذا بدلًا منه
adopt-instead-hint = بالصيغة التي هي في النص: { $written }.
attest-link = شهادة بمدى عمل مرفق
attest-title = شهادة أسبوعية
attest-lead = إلى أي مدى عملت خدمة مرفق طوال أسبوع؟ تعطي الإجابة عينة لكل ساعة، وتقول إن أحدًا كان يراقب.
attest-form-title = الأسبوع
attest-preview = سيُقبل هذا
attest-samples = { $count ->
    [zero] لا تعطي عينات.
    [one] تعطي عينة واحدة.
    [two] تعطي عينتين، واحدة لكل ساعة.
    [few] تعطي { $count } عينات، واحدة لكل ساعة.
    [many] تعطي { $count } عينة، واحدة لكل ساعة.
   *[other] تعطي { $count } عينة، واحدة لكل ساعة.
}
attest-coverage = تغطي الوقت من { $from } إلى { $until }.
attest-unknown-party = لا يعرف السجل هذا الطرف بعد.
note-fact-not_named = لن يُحتسب: لا يقيس هذا أي نص سارٍ
note-fact-not_yet = ما لم يأت بعد لم يُقَس، ولن يُحتسب
note-fact-not_in_role = لن يُحتسب: ليس للطرف الدور الذي تُحتسب كلمته
attest-about = المرفق
attest-about-hint = رمزه كما تسميه النصوص والإفادات. بلا عناوين وبلا أسماء أشخاص.
attest-indicator = الخدمة
attest-indicator-hint = ما الذي عمل، كما يسميه النص.
attest-percent = إلى أي مدى عملت؟
attest-percent-value = { $percent } %
attest-percent-none = لم تعمل إطلاقًا
attest-percent-part = جزئيًا
attest-percent-full = كليًا
attest-from = اليوم الأول
attest-from-hint = يبدأ الأسبوع عند 00:00 UTC من هذا اليوم.

error-no_obligation-title = لا التزام هنا بهذا المعرّف
error-no_obligation-text = «{ $id }» ليس التزامًا كما في الوقت الذي طلبته. قد يوجد في وقت آخر أو في سجل أكبر.
error-taken_back-title = سُحب: { $term }، { $debtor }
error-no_accord-title = لا نص هنا بهذه البصمة أو بهذا الاسم
error-no_accord-text = «{ $id }» ليس في هذا السجل كما في الوقت الذي طلبته.
error-bad_filter-absent = هذا ناقص.
refusal-command-argument = شيء ما ليس مكتوبًا كما يجب
refusal-id-unknown = ليس في السجل شيء بهذا المعرّف
refusal-instrument-adopted_before = اعتمد الطرف هذا النص من قبل، وما تحفظ عليه وحدده حينها يبقى
refusal-instrument-past = لا شيء يسري على الماضي: البداية أمامنا، والنهاية بعدها
refusal-instrument-prose = ما يُقبل بدلًا منه نص حر سيبقى في السجل إلى الأبد، ولذلك لا يُدوَّن فيه
refusal-instrument-reserved_twice = ورد التحفظ على هذا البند مرتين: فإما أن يُستثنى وإما أن يحل محله غيره
refusal-instrument-not_reservable = لا يقبل النص تحفظًا على هذا البند
refusal-instrument-unknown = ليس في السجل نص كهذا
refusal-instrument-unknown_act = لا يذكر النص هذا بوصفه فعلا: لن يظهر شيء أنه لم يتم
refusal-instrument-unknown_param = ليس في النص متغير كهذا
refusal-instrument-unknown_role = ليس في النص دور كهذا
refusal-instrument-unknown_term = ليس في النص بند كهذا
refusal-instrument-unfit_param = لا يقبل النص هذه القيمة
refusal-instrument-unfit_reservation = لا يقبل فحص النص نفسه هذا البديل
refusal-fact-off_scale = القيمة خارج المقياس الذي تقيس به النصوص هذا
refusal-fact-quarters = الشهادة بالأرباع: 0 أو 25 أو 50 أو 75 أو 100 في المئة
refusal-fact-time = ينتهي الوقت قبل أن يبدأ، أو هو أطول من أسبوع

front-next-title = ما يحلّ أجله قريبًا
front-next-lead = التزامات من نصوص اعتمدتها أطراف. ويمكن إعادة حساب كل منها.
front-next-all = كل المواعيد

accord-without-title = إفادات عنه لا يُعتد بها
