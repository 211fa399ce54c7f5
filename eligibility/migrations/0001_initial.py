import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='AcceptedAward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('institution_code', models.SlugField(verbose_name='accepted by')),
                ('programme_slug', models.SlugField(blank=True, help_text='Empty: every programme of the university.', verbose_name='programme')),
                ('names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), help_text='Every spelling in use, in each language; spellings are compared, never guessed.', size=None, verbose_name='names of the institution')),
                ('country', models.CharField(blank=True, help_text='Two letters; empty: wherever.', max_length=2, verbose_name='country or region')),
                ('titles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, help_text='Every spelling in use; empty: any award.', size=None, verbose_name='titles of the award')),
                ('level', models.CharField(blank=True, choices=[('SUB_DEGREE', 'Diploma, higher diploma or associate degree'), ('BACHELOR', 'Bachelor’s degree'), ('MBBS', 'Medical degree (MBBS, MBChB)'), ('POSTGRADUATE_DIPLOMA', 'Postgraduate diploma or certificate'), ('MASTER', 'Master’s degree, taught'), ('RESEARCH_MASTER', 'Master’s degree, by research'), ('DOCTORATE', 'Doctorate'), ('OTHER', 'Another qualification')], max_length=30, verbose_name='level of the award')),
                ('kind', models.CharField(choices=[('RECOGNISED', 'Recognised institution'), ('EQUIVALENT', 'Award of equivalent standard'), ('COMPARABLE', 'Comparable institution')], max_length=12, verbose_name='accepted as')),
                ('in_force_from', models.DateField(verbose_name='for applications received from')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('why', models.TextField(max_length=2000, verbose_name='why')),
                ('drafted_at', models.DateTimeField(verbose_name='last saved')),
                ('put_in_force_at', models.DateTimeField(blank=True, null=True, verbose_name='put in force')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('withdrawal_reason', models.TextField(blank=True, max_length=2000, verbose_name='why it was withdrawn')),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last saved by')),
                ('put_in_force_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='put in force by')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by')),
            ],
            options={
                'verbose_name': 'entry of the acceptance register',
                'verbose_name_plural': 'acceptance register',
                'ordering': ['institution_code', 'names', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('names__len__gt', 0)), name='accepted_award_names_institution'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('in_force_from')), _connector='OR'), name='accepted_award_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('put_in_force_at__isnull', True), ('put_in_force_by__isnull', True)), models.Q(('put_in_force_at__isnull', False), ('put_in_force_by__isnull', False)), _connector='OR'), name='accepted_award_put_by_and_at'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='accepted_award_withdrawn_by_and_at'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), models.Q(('put_in_force_at__isnull', False), models.Q(('withdrawal_reason', ''), _negated=True)), _connector='OR'), name='accepted_award_withdrawn_after_force')],
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='code')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('layer', models.CharField(choices=[('UNIVERSITY', 'University'), ('SCHOOL', 'School'), ('PROGRAMME', 'Programme')], default='UNIVERSITY', max_length=12, verbose_name='layer')),
                ('institution_code', models.SlugField(verbose_name='institution')),
                ('level', models.CharField(blank=True, choices=[('TAUGHT_MASTER', 'Taught master’s'), ('MPHIL', 'Master of Philosophy (MPhil)'), ('PHD', 'Doctor of Philosophy (PhD)')], help_text='Empty: every level of the School.', max_length=20, verbose_name='level')),
                ('school_code', models.SlugField(blank=True, verbose_name='School')),
                ('programme_slug', models.SlugField(blank=True, help_text='Empty: every programme of this level at the institution.', verbose_name='programme')),
            ],
            options={
                'verbose_name': 'policy',
                'verbose_name_plural': 'policies',
                'ordering': ['institution_code', 'code'],
                'constraints': [models.UniqueConstraint(fields=('institution_code', 'layer', 'level', 'school_code', 'programme_slug'), name='one_policy_per_programme_and_layer'), models.CheckConstraint(condition=models.Q(models.Q(('layer', 'UNIVERSITY'), ('school_code', ''), models.Q(('level', ''), _negated=True)), models.Q(('layer', 'SCHOOL'), ('programme_slug', ''), models.Q(('school_code', ''), _negated=True)), models.Q(('layer', 'PROGRAMME'), ('school_code', ''), models.Q(('programme_slug', ''), _negated=True), models.Q(('level', ''), _negated=True)), _connector='OR'), name='policy_says_whose_it_is')],
            },
        ),
        migrations.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(blank=True, null=True, verbose_name='version')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('content', models.JSONField(verbose_name='content')),
                ('sha256', models.CharField(max_length=64, verbose_name='fingerprint')),
                ('is_shipped', models.BooleanField(default=False, verbose_name='came with the portal')),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='reason')),
                ('drafted_at', models.DateTimeField(blank=True, null=True, verbose_name='last saved')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('drafted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last saved by')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='eligibility.policy', verbose_name='policy')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
            ],
            options={
                'verbose_name': 'policy version',
                'verbose_name_plural': 'policy versions',
                'ordering': ['policy', '-number'],
                'constraints': [models.UniqueConstraint(fields=('policy', 'number'), name='one_policy_version_per_number'), models.UniqueConstraint(condition=models.Q(('published_at__isnull', True)), fields=('policy',), name='one_draft_per_policy'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='policy_version_has_fingerprint'), models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', True), ('published_at__isnull', True)), models.Q(('number__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='policy_version_numbered_when_published'), models.CheckConstraint(condition=models.Q(models.Q(('drafted_at__isnull', True), ('drafted_by__isnull', True)), models.Q(('drafted_at__isnull', False), ('drafted_by__isnull', False)), _connector='OR'), name='policy_version_drafted_by_and_at'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='policy_version_approved_by_and_at'), models.CheckConstraint(condition=models.Q(('published_by__isnull', True), ('published_at__isnull', False), _connector='OR'), name='policy_version_published_by_and_at')],
            },
        ),
        migrations.CreateModel(
            name='PolicyPreview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64, verbose_name='fingerprint')),
                ('at', models.DateTimeField(verbose_name='made')),
                ('counts', models.JSONField(verbose_name='counts')),
                ('rows', models.JSONField(verbose_name='cases that change')),
                ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='previews', to='eligibility.acceptedaward', verbose_name='entry of the acceptance register')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='previews', to='eligibility.policyversion', verbose_name='policy version')),
            ],
            options={
                'verbose_name': 'preview',
                'verbose_name_plural': 'previews',
                'ordering': ['-at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('entry__isnull', True), ('version__isnull', False)), models.Q(('entry__isnull', False), ('version__isnull', True)), _connector='OR'), name='preview_is_of_one_thing'), models.CheckConstraint(condition=models.Q(('fingerprint__regex', '^[0-9a-f]{64}$')), name='preview_has_fingerprint')],
            },
        ),
    ]
