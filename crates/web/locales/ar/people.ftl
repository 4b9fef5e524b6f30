# Accounts, signing in, requests that take two people, the closed log.

footer-account = الحساب
people-nav = حسابك
people-folder = من بيده مجلد العقدة

sign-in-title = تسجيل الدخول
sign-in-lead = لمن لديه حساب على هذه العقدة. القراءة لا تحتاج إلى حساب.
sign-in-login = اسم الدخول
sign-in-password = كلمة المرور
sign-in-code = الرمز
sign-in-code-hint = الأرقام الستة التي يعرضها تطبيق المصادقة الآن، أو رمز استرداد.
sign-in-submit = سجّل الدخول
sign-in-first = هل أُعطيت رمزًا للدخول أول مرة؟
sign-in-wrong = تحقّق من الاسم وكلمة المرور والرمز. رمز التطبيق صالح مرة واحدة.
sign-in-after = { $seconds ->
    [zero] لا يُقرأ شيء يُرسل قبل مضي { $seconds } ثانية.
    [one] لا يُقرأ شيء يُرسل قبل مضي ثانية واحدة.
    [two] لا يُقرأ شيء يُرسل قبل مضي ثانيتين.
    [few] لا يُقرأ شيء يُرسل قبل مضي { $seconds } ثوانٍ.
    [many] لا يُقرأ شيء يُرسل قبل مضي { $seconds } ثانية.
   *[other] لا يُقرأ شيء يُرسل قبل مضي { $seconds } ثانية.
}
sign-out = تسجيل الخروج

enrol-title = الدخول أول مرة
enrol-lead = بالرمز الذي أُعطيته اختر كيف ستسجّل الدخول.
enrol-code = رمز الدخول أول مرة
enrol-code-hint = أو رمز استرداد، إن لم تكن لك كلمة مرور وفقدت كل مفاتيح المرور.
enrol-login-hint = لا يراه أحد غيرك.
enrol-password-hint = { $count ->
    [zero] { $count } حرف على الأقل. كلمات قليلة تجمعها أنت أسهل حفظًا من الرموز.
    [one] حرف واحد على الأقل. كلمات قليلة تجمعها أنت أسهل حفظًا من الرموز.
    [two] حرفان على الأقل. كلمات قليلة تجمعها أنت أسهل حفظًا من الرموز.
    [few] { $count } أحرف على الأقل. كلمات قليلة تجمعها أنت أسهل حفظًا من الرموز.
    [many] { $count } حرفًا على الأقل. كلمات قليلة تجمعها أنت أسهل حفظًا من الرموز.
   *[other] { $count } حرف على الأقل. كلمات قليلة تجمعها أنت أسهل حفظًا من الرموز.
}
enrol-app = يأتي بعد هذا عامل ثانٍ: مع كلمة المرور تحتاج إلى تطبيق مصادقة أيضًا.
enrol-submit = تابع
enrol-second-title = العامل الثاني
enrol-second-lead = امسح هذا بتطبيق المصادقة، أو اكتب السر فيه. ثم اكتب الأرقام الستة التي يعرضها.
enrol-qr = السر لتطبيق المصادقة
enrol-secret = السر
enrol-one-time = ستة أرقام
enrol-one-time-hint = تتغير كل نصف دقيقة.
enrol-confirm = ادخل

once-enrolment-title = رمز الدخول أول مرة
once-enrolment-lead = أعطه للشخص بطريقة لا يقرؤها غيره. به يختار كيف سيسجّل الدخول.
once-recovery-title = رموز الاسترداد
once-recovery-lead = كل واحد منها يقوم مقام العامل الثاني مرة واحدة. اكتبها واحفظها بعيدًا عن هاتفك.
once-recovery-alone-lead = إذا فقدت كل مفاتيح المرور أتاح لك واحد منها أن تصنع مفتاحًا آخر حيث دخلت أول مرة. اكتبها واحفظها بعيدًا عن أجهزتك.
once-token-title = رمز البرنامج
once-token-lead = يرسله البرنامج مع كل طلب. من يملكه يستطيع فعل ما صُنع له.
once-until = صالح حتى { $moment }.
once-notice = يُعرض هذا مرة واحدة. لا تحتفظ العقدة إلا بما تتعرّف به عليه.
once-then = حفظته

account-title = حسابك
account-name = اسمك
account-name-hint = لا يراه إلا أنت، ومن يسمح له شخصان.
account-id = كيف يسمّيك السجل
account-roles = الأدوار
account-no-roles = لا شيء بعد
account-until = حتى { $moment }
account-sessions = الجلسات المفتوحة
account-recovery = رموز الاسترداد الباقية
account-sign-in = كيف تسجّل الدخول
account-password-now = كلمة المرور الحالية
account-password-next = كلمة المرور الجديدة
account-password-submit = غيّر كلمة المرور
account-recovery-submit = رموز استرداد جديدة
account-sessions-submit = سجّل الخروج في كل مكان
account-close-title = إغلاق الحساب
account-close-lead = يُتلف ما يُعرف عنك هنا: اسمك وكلمة مرورك ومفاتيح مرورك ورموز برامجك. ويبقى ما فعلته في السجل تحت رقمك.
account-close-open = أريد إغلاقه
account-close-submit = أغلق الحساب

passkey-sign-in = سجّل الدخول بمفتاح مرور
passkey-or = أو باسم وكلمة مرور ورمز:
passkey-enrol = تابع بمفتاح مرور
passkey-enrol-hint = يحفظه جهازك ويطلب إصبعك أو وجهك أو رمزه الخاص. لا تحتاج إلى كلمة مرور ولا إلى تطبيق.
passkey-enrol-or = أو اختر اسمًا وكلمة مرور:
passkey-title = صنع مفتاح مرور
passkey-lead = يحفظه جهازك ولا يفتحه إلا لك. هو صالح في هذا العنوان وحده، فلا تستطيع صفحة زائفة أن تطلبه منك.
passkey-without = يحتاج هذا إلى JavaScript وإلى متصفح فيه مفاتيح مرور.
passkey-label = ماذا تسمّيه
passkey-label-hint = لا يراه أحد غيرك. يكفي اسم الجهاز.
passkey-make = اصنع مفتاح المرور
passkey-waiting = جهازك يسألك الآن.
passkey-cancelled = لم يُرسل شيء ولم يتغير شيء. يمكنك أن تحاول مرة أخرى.
passkey-failed = لا يستطيع هذا المتصفح أو الجهاز ذلك هنا. لم يتغير شيء.
passkey-wrong = هذا المفتاح لا يتيح لك الدخول، أو طال الأمر. حاول مرة أخرى، أو سجّل الدخول بطريقة أخرى.

passkeys-title = مفاتيح المرور
passkeys-lead = مفتاح المرور يتيح لك تسجيل الدخول بجهاز في يدك يعرفك.
passkeys-none = ليس لديك أي منها.
passkeys-added = أُضيف { $moment }
passkeys-used = آخر استعمال { $moment }
passkeys-unused = لم يُستعمل بعد
passkeys-remove = أزل مفتاح المرور
passkeys-remove-hint = حين يُزال مفتاح يُسجَّل خروج كل من سجّل الدخول إلى الحساب غيرك.
passkeys-last = هو كل ما تسجّل به الدخول، فيبقى حتى يكون لك مفتاح آخر.
passkeys-add = أضف مفتاح مرور
passkeys-stale = يُضاف مفتاح المرور أو يُزال خلال عشر دقائق من تسجيل الدخول. سجّل الخروج ثم الدخول من جديد وعد إلى هنا.

tokens-title = رموز البرامج
tokens-lead = رمز البرنامج يتيح لبرنامج أن يعمل باسمك، بالطرق التي تختارها، حتى يوم تختاره.
tokens-none = ليس لديك أي منها.
tokens-scopes = لأي شيء
tokens-days = الأيام، 366 على الأكثر
tokens-make = اصنع رمزًا
tokens-revoke = ألغِ الرمز

accounts-title = الحسابات
accounts-lead = من يجوز له أن يفعل ماذا على هذه العقدة. كل ما يُغيَّر هنا يُذكر في السجل المغلق.
accounts-own = حسابك
accounts-closed = مغلق
accounts-opened = فُتح { $moment }
accounts-change = غيّر هذا الحساب
accounts-role = الدور
accounts-until = حتى
accounts-until-hint = فارغ إن لم تكن له نهاية، أو لحظة مثل 2027-06-30T00:00:00Z.
accounts-grant = امنح الدور
accounts-withdraw = اسحب
accounts-enrol = أعطِ رمز دخول آخر
accounts-enrol-hint = الرمز الآخر ينهي ما كان الشخص يسجّل به الدخول على كل أجهزته.
accounts-decides-hint = جعل أحدهم مديرًا أو أمين حماية، أو إعطاء رمز آخر لمن هو كذلك، يحتاج إلى شخص ثانٍ: فيصبح طلبًا.
accounts-close-sure = يُمحى كل ما يُعرف هنا عن هذا الشخص. أنا متأكد.
accounts-open-title = فتح حساب
accounts-name = اسم الشخص
accounts-name-hint = يُحفظ مشفّرًا ولا يُعرض لأحد غير الشخص، إلا إذا وافق شخصان.
accounts-open-submit = افتح الحساب

requests-title = الطلبات
requests-lead = بعض الأفعال تحتاج إلى شخصين: واحد يطلب، وآخر يوافق، ثم تنفّذه العقدة.
requests-none = لا شيء ينتظرك.
requests-asked = طُلب { $moment }
requests-missing = { $count ->
    [zero] لا ينتظر أحدًا
    [one] ينتظر شخصًا آخر
    [two] ينتظر شخصين آخرين
    [few] ينتظر { $count } أشخاص آخرين
    [many] ينتظر { $count } شخصًا آخر
   *[other] ينتظر { $count } شخص آخر
}
requests-again = وُوفق عليه ولم يمكن تنفيذه. وافق مرة أخرى لتحاول العقدة من جديد.
requests-ask-title = اطلب
requests-ask-submit = اطلب
requests-act = ما المطلوب فعله
requests-about = بماذا يتعلق
requests-about-hint = معرّف الطرف أو المفتاح أو العين أو الحادثة أو الحساب.
requests-ground = على أي أساس
requests-ground-hint = للمحو فقط.
requests-lapsed = لم يوافق أحد في الوقت المناسب. ما زال لازمًا يمكن طلبه من جديد.
requests-reason = السبب
requests-reason-hint = لإلغاء مفتاح فقط: retired أو lost أو compromised أو رمز آخر.
requests-assigned = من يقرر
requests-assigned-hint = معرّفات حسابات تفصل بينها مسافات. حيث الحساسية شديدة لا يقرر إلا من سُمّي.
requests-id = الطلب
requests-sensitivity = الحساسية
requests-by = طلبه
requests-when = طُلب
requests-approved = الموافقون
requests-relation = أنت وهذا الطلب
requests-answer = ما نتج عنه
requests-answer-lead = لا يراه إلا أنت لأنك طلبته.

asked-key-add = إعطاء طرف مفتاحًا آخر
asked-key-revoke = إلغاء مفتاح
asked-key-rotate = استبدال مفتاح طرف
asked-person-identify = معرفة من هو الشخص وراء حساب
asked-place-reveal = نشر مكان أو معرّف مختوم
asked-subject-erase = محو ما يُعرف عن شخص أو شيء

asked_field-account = الحساب
asked_field-as_of = من موضع السجل
asked_field-asset = العين
asked_field-ground = الأساس
asked_field-key = المفتاح
asked_field-party = الطرف
asked_field-reason = السبب
asked_field-role = الدور
asked_field-subject = عمّن أو عمّا
asked_field-until = حتى

ground-consent-withdrawn = وافق صاحب الشأن من قبل ولم يعد يوافق
ground-legal-duty = يوجبه قانون أو محكمة
ground-no-longer-needed = انتهى الغرض الذي جُمع من أجله
ground-objection = يعترض صاحب الشأن ولا شيء يرجح على اعتراضه
ground-safety = يعرّض أحدًا للخطر
ground-unlawful = ما كان ينبغي جمعه

became-open = ينتظر
became-approved = وُوفق عليه ولم يُنفّذ بعد
became-done = نُفّذ
became-refused = رُفض
became-withdrawn = سُحب
became-lapsed = انقضى أجله

decision-approve = أوافق
decision-refuse = أرفض
decision-recuse = أتنحّى
decision-withdraw = أسحبه

audit-title = السجل المغلق
audit-lead = ما فُعل على هذه العقدة ولم يُنشر، الأحدث أولًا.
audit-noted = قراءتك ما ليس لك تُذكر هي نفسها في هذا السجل.
audit-none = لا شيء هنا يجوز لك قراءته.
audit-table = { $count ->
    [zero] القيود التي يجوز لك قراءتها من { $count }
    [one] القيود التي يجوز لك قراءتها من { $count }
    [two] القيود التي يجوز لك قراءتها من { $count }
    [few] القيود التي يجوز لك قراءتها من { $count }
    [many] القيود التي يجوز لك قراءتها من { $count }
   *[other] القيود التي يجوز لك قراءتها من { $count }
}
audit-what = ماذا
audit-by = من
audit-about = عن

role-administrator = مدير
role-auditor = مدقق
role-guardian = أمين الحماية
role-member = عضو
role-registrar = مسجّل
role-submitter = مقدّم
role_means-administrator = يفتح الحسابات ويغلقها ويمنح الأدوار ويطلب تغيير المفاتيح
role_means-auditor = يقرأ السجل المغلق
role_means-guardian = يحمي بيانات الناس: يوافق أو يرفض
role_means-registrar = يعتني بسجل الأعيان المحمية
role_means-submitter = يقدّم إفادات وقّعها آخرون

action-account-close = إغلاق حساب
action-account-empower = جعل أحدهم ممن يقررون، أو إدخال من يقرر من جديد
action-account-grant = منح دور
action-account-open = فتح حساب
action-account-read = رؤية الحسابات
action-account-withdraw = سحب دور
action-audit-read = قراءة السجل المغلق
action-key-change = تغيير مفاتيح طرف
action-person-identify = معرفة من هو شخص
action-place-reveal = نشر مكان أو معرّف مختوم
action-request-approve = الموافقة على طلب
action-request-read = رؤية الطلبات
action-request-recuse = التنحّي عن طلب
action-request-refuse = رفض طلب
action-request-withdraw = سحب طلب
action-statement-submit = تقديم إفادات موقّعة
action-subject-erase = محو ما يُعرف عن شخص أو شيء
action-token-make = صنع رمز برنامج
action-token-revoke = إلغاء رمز برنامج

done-asset-erase = محو ما يعرّف بعين
done-asset-reveal = نشر مكان أو معرّف مختوم
done-emblem-key_publish = نشر مفتاح للشارات
done-import = استيراد ملف
done-key-revoke = إلغاء مفتاح
done-mandate-grant = منح تفويض
done-mandate-withdraw = سحب تفويض
done-party-found = تأسيس طرف

credential-enrolment = رمز الدخول أول مرة
credential-passkey = مفتاح مرور
credential-password = كلمة المرور
credential-recovery-codes = رموز الاسترداد
credential-second-factor = العامل الثاني

sensitivity-low = منخفضة
sensitivity-moderate = متوسطة
sensitivity-high = عالية
sensitivity-severe = شديدة

relation-assigned = سُمّيت لتقرر
relation-author = أنت طلبته
relation-none = لا صلة لك به
relation-recused = تنحّيت

kind-account-changed = تغيّرت طريقة الدخول
kind-account-closed = أُغلق حساب
kind-account-granted = مُنح دور
kind-account-opened = فُتح حساب
kind-account-withdrawn = سُحب دور
kind-act-done = نُفّذ فعل ذو امتياز
kind-passkey-added = أُضيف مفتاح مرور
kind-passkey-removed = أُزيل مفتاح مرور
kind-request-approved = وُوفق على طلب
kind-request-asked = قُدّم طلب
kind-request-done = نُفّذ طلب
kind-request-recused = تنحّى أحدهم
kind-request-refused = رُفض طلب
kind-request-withdrawn = سُحب طلب
kind-token-made = صُنع رمز برنامج
kind-token-revoked = أُلغي رمز برنامج

error-forged-title = ربما جاء هذا من موقع آخر
error-forged-text = لم يتغير شيء. افتح الصفحة من جديد وأرسل منها.
error-form-title = لا يمكن قراءة هذا النموذج
error-no_token-text = يحتاج البرنامج إلى رمز من حساب هنا.
error-person-text = لم يتغير شيء.
error-undone-text = الموافقة محفوظة. وهل نُفّذ، فالسجل يبيّنه.

refusal-account-closed = الحساب مغلق
refusal-account-last_administrator = هو آخر حساب يستطيع منح الأدوار
refusal-account-membership = كل من له حساب عضو؛ لا تُمنح العضوية ولا تُسحب
refusal-account-not_allowed = أدوارك لا تسمح بهذا
refusal-account-unknown = لا حساب هنا بهذا المعرّف
refusal-enrolment-login = هذا الاسم مأخوذ أو طويل جدًا
refusal-enrolment-password = كلمة المرور قصيرة جدًا أو طويلة جدًا
refusal-enrolment-refused = الرمز استُعمل أو قديم جدًا أو لم يكن قط
refusal-enrolment-second_factor = الأرقام الستة ليست المعروضة الآن
refusal-passkey-label = اسم مفتاح المرور من 1 إلى 64 حرفًا
refusal-passkey-last = هو كل ما تسجّل به الدخول
refusal-passkey-most = للحساب عشرة مفاتيح مرور على الأكثر
refusal-passkey-refused = لم يُقبل مفتاح المرور، أو طال الأمر
refusal-passkey-unknown = ليس لديك مفتاح مرور كهذا
refusal-request-assigned = أحد من سُمّوا لا يستطيع أن يقرر في هذا
refusal-request-decided = حُسم الأمر
refusal-request-lapsed = انتظر أطول مما يجوز، أو لم يعد يجوز لمن وافق أن يوافق: اطلبه من جديد
refusal-request-nobody_approves = لا أحد غيرك هنا يستطيع الموافقة عليه
refusal-request-takes_two = يحتاج إلى شخصين: اطلبه
refusal-request-too_many = طلبات كثيرة لك تنتظر بالفعل
refusal-request-undone = وُوفق عليه ولم يمكن تنفيذه
refusal-request-unknown = لا طلب كهذا، أو ليس لك
refusal-request-unsure = توقفت العقدة وهي تنفّذ هذا: انظر هل نُفّذ
refusal-request-waits = ينتظر شخصًا آخر
refusal-sign_in-not_fresh = يُفعل هذا خلال عشر دقائق من تسجيل الدخول: سجّل الخروج ثم الدخول من جديد
refusal-sign_in-refused = لم ينجح ذلك
refusal-sign_in-throttled = محاولات كثيرة جدًا
refusal-token-refused = الرمز ليس من هذه العقدة أو أُلغي أو قديم جدًا
refusal-token-scope = لم يُصنع الرمز لهذا
